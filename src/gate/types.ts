import type { Face, MaskState, SeenFace } from '../domain/face.ts';
import type { Signal } from '../domain/signal.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import type { Outcome, Reading } from '../domain/visit.ts';
import type { Ambient } from '../screening/ambient.ts';
import type { DecisionParams } from '../screening/decision.ts';
import type { FaceSamples } from '../screening/face-samples.ts';
import type { ThermometryParams } from '../screening/face-temperature.ts';
import type { NormalLevel } from '../screening/normal-level.ts';
import type { PresenceParams } from '../screening/presence.ts';
import type { Tracking, TrackingParams } from './tracks.ts';

/** What happens to the gate, in order of its monotonic clock. */
export type GateEvent =
  | Readonly<{ kind: 'thermogram'; atMs: number; thermogram: Thermogram }>
  /** Faces found in a camera frame exposed at `atMs`. */
  | Readonly<{ kind: 'faces'; atMs: number; faces: readonly SeenFace[] }>
  | Readonly<{ kind: 'fault'; atMs: number; part: Part; failed: boolean }>
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

/** What the gate wants done. */
export type GateEffect =
  | Readonly<{ kind: 'signal'; signal: Signal }>
  | Readonly<{ kind: 'visit'; visit: DecidedVisit }>;

/** Where the gate is in a visit. */
export type Phase =
  | Readonly<{ kind: 'idle' }>
  | Readonly<{ kind: 'prompting'; prompt: Signal }>
  | Readonly<{
      kind: 'measuring';
      trackId: number;
      samples: FaceSamples;
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
    }>;

export type GateState = Readonly<{
  nowMs: number;
  /** Time of the first event, ms; null before. */
  startedAtMs: number | null;
  failed: Readonly<Record<Part, boolean>>;
  thermogram: Thermogram | null;
  /** Since when, and when last, somebody warm was in view; null: nobody is. */
  presence: Readonly<{ sinceMs: number; lastMs: number }> | null;
  facesAtMs: number | null;
  tracking: Tracking;
  phase: Phase;
  /** The room's temperature; null until it was seen empty. */
  ambient: Ambient | null;
  /** What is normal at this door now. */
  normal: NormalLevel;
  nextVisitNumber: number;
  /** What light and sound show now. */
  signal: Signal;
}>;

/** Everything the core needs to know; fixed while the gate runs. */
export type GateParams = Readonly<{
  locate: (face: Face) => ThermalRegion | null;
  presence: PresenceParams;
  tracking: TrackingParams;
  thermometry: ThermometryParams;
  /** Visitors before what is normal is known. */
  minimumVisitors: number;
  decision: DecisionParams;
  /** Nearest and farthest face that is measured, metres. */
  minDistanceM: number;
  maxDistanceM: number;
  /** A face may drift so far while it is measured, thermal pixels. */
  stillPx: number;
  /** Probability of a track’s face (by the face check) for it to be measured. */
  minimumScore: number;
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
