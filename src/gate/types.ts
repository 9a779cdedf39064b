import type { Face, MaskState, SeenFace } from '../domain/face.ts';
import type { Signal } from '../domain/signal.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import type { CheckVerdict, Outcome, Reading } from '../domain/visit.ts';
import type { DecisionParams } from '../screening/decision.ts';
import type { FaceSamples } from '../screening/face-samples.ts';
import type { ThermometryParams } from '../screening/face-temperature.ts';
import type { NormalLevel } from '../screening/normal-level.ts';
import type { PresenceParams } from '../screening/presence.ts';
import type { Reason } from './reasons.ts';
import type { ConditionParams, SceneWatch } from './scene-watch.ts';
import type { Tracking, TrackingParams } from './tracks.ts';

/** What happens to the gate, in order of its monotonic clock. */
export type GateEvent =
  | Readonly<{ kind: 'thermogram'; atMs: number; thermogram: Thermogram }>
  /** Faces found in a camera frame exposed at `atMs`. */
  | Readonly<{ kind: 'faces'; atMs: number; faces: readonly SeenFace[] }>
  | Readonly<{ kind: 'fault'; atMs: number; part: Part; failed: boolean }>
  /** What guards have found so far, all of it. */
  | Readonly<{ kind: 'checks'; atMs: number; verdicts: readonly CheckVerdict[] }>
  /** Time has passed; sent a few times a second whatever else happens. */
  | Readonly<{ kind: 'tick'; atMs: number }>;

export type Part = 'thermal' | 'camera';

/** A decided visit, as the core tells it; wall time is added where effects are carried out. */
export type DecidedVisit = Readonly<{
  number: number;
  atMs: number;
  outcome: Outcome;
  mask: MaskState;
  reading: Reading;
  /** What a healthy visitor would have read then, degC; null: not known yet. */
  baselineC: number | null;
  /** From here on a reading was elevated, degC. */
  limitC: number;
  distanceM: number;
  /** From the first sample to the decision, ms. */
  measuredMs: number;
}>;

/** A visitor who was read, and gets no verdict for it. */
export type RefusedVisit = Readonly<{
  atMs: number;
  reason: Reason;
  reading: Reading;
  distanceM: number;
}>;

/** What the gate wants done. */
export type GateEffect =
  | Readonly<{ kind: 'signal'; signal: Signal }>
  /** What keeps the gate from measuring at all has changed; null: nothing does any more. */
  | Readonly<{ kind: 'condition'; reason: Reason | null }>
  | Readonly<{ kind: 'refused'; refused: RefusedVisit }>
  | Readonly<{ kind: 'visit'; visit: DecidedVisit }>;

/** Where the gate is in a visit. */
export type Phase =
  | Readonly<{ kind: 'idle' }>
  | Readonly<{ kind: 'prompting'; reason: Reason }>
  | Readonly<{
      kind: 'measuring';
      trackId: number;
      samples: FaceSamples;
      /** The visitor moved and sampling began anew; until there are enough samples the gate asks to hold still. */
      restarted: boolean;
      /** Set at the second look: what the first one ended with. */
      secondLookSinceMs: number | null;
      maskProbabilities: readonly number[];
    }>
  | Readonly<{
      kind: 'answered';
      outcome: Outcome;
      sinceMs: number;
      /** The visitor's track and last face, so that the same person is not measured twice. */
      trackId: number;
      face: SeenFace;
      seenAtMs: number;
      /** Thermograms in a row that show the visitor's place empty since then. */
      emptyThermograms: number;
    }>
  /** As answered, without a verdict. */
  | Readonly<{
      kind: 'refused';
      reason: Reason;
      sinceMs: number;
      trackId: number;
      face: SeenFace;
      seenAtMs: number;
      emptyThermograms: number;
    }>;

export type GateState = Readonly<{
  nowMs: number;
  /** Time of the first event, ms; null before. */
  startedAtMs: number | null;
  failed: Readonly<Record<Part, boolean>>;
  thermogram: Thermogram | null;
  /** The last few thermograms, newest last: what the array saw while the camera's picture was looked at. */
  recent: readonly Thermogram[];
  /** Since when, and when last, somebody warm was in view; null: nobody is. */
  presence: Readonly<{ sinceMs: number; lastMs: number }> | null;
  facesAtMs: number | null;
  tracking: Tracking;
  phase: Phase;
  /** What is normal at this door now. */
  normal: NormalLevel;
  /** What guards' clinical thermometers said of earlier visitors. */
  verdicts: readonly CheckVerdict[];
  nextVisitNumber: number;
  /** What is known of the room, of hot things in view and of the reference. */
  scene: SceneWatch;
  /** Why the gate measures nobody at all; null: it does. */
  condition: Reason | null;
  /** What light and sound show now. */
  signal: Signal;
}>;

/** Everything the core needs to know; fixed while the gate runs. */
export type GateParams = Readonly<{
  locate: (face: Face) => ThermalRegion | null;
  presence: PresenceParams;
  tracking: TrackingParams;
  thermometry: ThermometryParams;
  conditions: ConditionParams;
  /** Visitors before what is normal is known. */
  minimumVisitors: number;
  decision: DecisionParams;
  /** Nearest and farthest face that is measured, metres. */
  minDistanceM: number;
  maxDistanceM: number;
  /** Beyond this the lens sees too few pixels of a face, metres. */
  lensMaxDistanceM: number;
  /** A face may drift so far while it is measured, thermal pixels. */
  stillPx: number;
  /** Probability of a track’s face (by the face check) for it to be measured. */
  minimumScore: number;
  /** Time between two subpages, ms. */
  subpagePeriodMs: number;
  /** A clear reading is answered as soon as it is so certain (standard uncertainty, degC), or when the time is up. */
  settledUncertaintyC: number;
  /** Subpages before the first judgement. */
  minimumSubpages: number;
  /** A borderline visitor is judged after so long, ms, and again after as long in the second look. */
  decideWithinMs: number;
  /** How long an answer is shown at least, and at most while nobody else comes, ms. */
  answerMs: number;
  /** So long after its start the gate waits for the first thermogram, ms. */
  firstThermogramWithinMs: number;
  /** A thermogram older than this is no measurement, ms. */
  staleMs: number;
  /** A face not seen for so long is not measured, ms. */
  faceStaleMs: number;
  /** Somebody present and no camera result for so long: the camera or the vision is out of service, ms. */
  visionLateMs: number;
}>;
