import type { ThermalRegion } from '../domain/thermal-region.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import type { Reading } from '../domain/visit.ts';
import { type Judgement, judge } from '../screening/decision.ts';
import { addThermogram, movedPx, startSamples } from '../screening/face-samples.ts';
import { type FaceTemperature, faceTemperature, type NoReading } from '../screening/face-temperature.ts';
import { type Circumstances, learnVisitor, type NormalNow, normalNow } from '../screening/normal-level.ts';
import { maskStateOf } from '../vision/mask-state.ts';
import type { Reason } from './reasons.ts';
import { samplingConditions, systematicUncertaintyC } from './scene-watch.ts';
import type { Track } from './tracks.ts';
import type { DecidedVisit, GateParams, GateState, Phase, RefusedVisit } from './types.ts';

type Measuring = Extract<Phase, { kind: 'measuring' }>;

/** One who still moves by so much while the first samples are taken has not arrived yet, thermal pixels. */
const ARRIVED_PX = 0.4;

/**
 * With so small a part of the uncertainty from noise, more samples change nothing: they would take an eighth off it. Behind
 * glasses that is so long before the reading is as certain as others are.
 */
const SETTLED_NOISE = 0.5;

type Read = Extract<FaceTemperature, { kind: 'reading' }>;

/** What a measuring step leads to. */
export type Measured = Readonly<{
  phase: Phase;
  visit: DecidedVisit | null;
  refused?: RefusedVisit;
}>;

/**
 * A visitor who begins to stand still. What the array saw since the camera's picture was taken counts already: the
 * picture was being looked at meanwhile.
 */
export function startMeasuring(
  track: Track,
  region: ThermalRegion,
  state: GateState,
  params: GateParams,
  restarted = false,
): Measuring {
  const conditions = samplingConditions(state.scene);
  const since = state.recent.filter(
    ({ atMs }) => atMs - params.subpagePeriodMs / 2 >= track.seenAtMs && atMs <= state.nowMs,
  );
  return {
    kind: 'measuring',
    trackId: track.id,
    samples: since.reduce(
      (samples, thermogram) => addThermogram(samples, thermogram, region, conditions),
      startSamples(region, since[0]?.atMs ?? state.nowMs),
    ),
    restarted,
    secondLookSinceMs: null,
    maskProbabilities: [],
  };
}

/** Takes in one camera sighting of the visitor being measured; one who has moved is measured from here on. */
export function seeVisitor(
  phase: Measuring,
  track: Track,
  region: ThermalRegion,
  state: GateState,
  params: GateParams,
): Measuring {
  if (isHidden(track, state)) return phase;
  const arriving = phase.samples.subpages < params.minimumSubpages;
  const still = movedPx(phase.samples, region) <= (arriving ? ARRIVED_PX : params.stillPx);
  const going = still ? phase : startMeasuring(track, region, state, params, true);
  const { maskProbability } = track.face;
  const { maskProbabilities } = phase;
  return {
    ...going,
    maskProbabilities: maskProbability === null ? maskProbabilities : [...maskProbabilities, maskProbability],
  };
}

/** The camera's last picture did not show the visitor. */
function isHidden(track: Track, { tracking }: GateState): boolean {
  return track.seenAtMs < tracking.lookedAtMs;
}

/**
 * Takes in one thermogram, and decides when the reading is clear or the time is up. While the face is hidden, as by
 * somebody who walks past before it, the thermogram shows something else and is passed over.
 */
export function measure(
  phase: Measuring,
  track: Track,
  region: ThermalRegion,
  thermogram: Thermogram,
  state: GateState,
  params: GateParams,
): Measured {
  if (isHidden(track, state)) return { phase, visit: null };
  const samples = addThermogram(phase.samples, thermogram, region, samplingConditions(state.scene));
  const going: Measuring = { ...phase, samples };
  if (samples.subpages < params.minimumSubpages) return { phase: going, visit: null };

  const { thermometry } = params;
  const found = faceTemperature(
    samples,
    {
      ...thermometry,
      systematicUncertaintyC: systematicUncertaintyC(state.scene, thermometry.systematicUncertaintyC),
    },
    maskStateOf(phase.maskProbabilities),
  );
  if (found.kind === 'none') {
    return { phase: withoutReading(going, found.reason), visit: null };
  }
  const normal = knownNormal(state, params);
  const judgement = judge(found.reading, normal, params.decision, state.verdicts);
  switch (nextLook(going, found, judgement, state.nowMs, params)) {
    case 'go-on':
      return { phase: going, visit: null };
    case 'look-again':
      return { phase: { ...going, secondLookSinceMs: state.nowMs }, visit: null };
    case 'answer': {
      const reason = refusalOf(found.reading, params);
      if (reason !== null) return refuse(reason, track, region, found.reading, state);
      return answer(going, track, region, found.reading, normal, judgement, state);
    }
  }
}

/** A face too small asks for coming closer, one without heat is none; more samples may come. */
function withoutReading(going: Measuring, reason: NoReading): Phase {
  switch (reason) {
    case 'too-few-samples':
      return going;
    case 'too-few-pixels':
      return { kind: 'prompting', reason: 'too-far' };
    case 'covered':
      return { kind: 'prompting', reason: 'hot-object' };
    case 'no-heat':
      return { kind: 'prompting', reason: 'not-facing' };
  }
}

function nextLook(
  phase: Measuring,
  { reading: { uncertaintyC }, noiseC }: Read,
  judgement: Judgement,
  nowMs: number,
  params: GateParams,
): 'go-on' | 'look-again' | 'answer' {
  const settled = uncertaintyC <= params.settledUncertaintyC || noiseC <= SETTLED_NOISE * uncertaintyC;
  if (judgement.clear && settled) return 'answer';
  const lookSinceMs = phase.secondLookSinceMs ?? phase.samples.startedAtMs;
  if (nowMs - lookSinceMs < params.decideWithinMs) return 'go-on';
  return judgement.outcome === 'recheck' && phase.secondLookSinceMs === null ? 'look-again' : 'answer';
}

/** Why a reading is no verdict, however clear; null: it may be one. */
function refusalOf({ temperatureC }: Reading, { conditions }: GateParams): Reason | null {
  if (temperatureC < conditions.outdoorsBelowC) return 'from-outdoors';
  return temperatureC > conditions.implausibleAboveC ? 'implausibly-hot' : null;
}

function refuse(
  reason: Reason,
  { id, face, seenAtMs }: Track,
  { distanceM }: ThermalRegion,
  reading: Reading,
  { nowMs }: GateState,
): Measured {
  return {
    phase: { kind: 'refused', reason, sinceMs: nowMs, trackId: id, face, seenAtMs, emptyThermograms: 0 },
    visit: null,
    refused: { atMs: nowMs, reason, reading, distanceM },
  };
}

function answer(
  phase: Measuring,
  track: Track,
  region: ThermalRegion,
  reading: Reading,
  normal: NormalNow | null,
  judgement: Judgement,
  state: GateState,
): Measured {
  const { outcome, limitC } = judgement;
  return {
    phase: {
      kind: 'answered',
      outcome,
      sinceMs: state.nowMs,
      trackId: track.id,
      face: track.face,
      seenAtMs: track.seenAtMs,
      emptyThermograms: 0,
    },
    visit: {
      number: state.nextVisitNumber,
      atMs: state.nowMs,
      outcome,
      mask: maskStateOf(phase.maskProbabilities),
      reading,
      baselineC: normal?.meanC ?? null,
      limitC,
      distanceM: region.distanceM,
      measuredMs: state.nowMs - phase.samples.startedAtMs,
    },
  };
}

/** The state after a visit: numbered, and one visitor wiser about what is normal unless the reading was above the limit. */
export function afterVisit(state: GateState, visit: DecidedVisit): GateState {
  const { reading, limitC, number } = visit;
  return {
    ...state,
    normal: learnVisitor(state.normal, reading.temperatureC, circumstancesOf(state), limitC),
    nextVisitNumber: number + 1,
  };
}

/** What is normal now; null until enough visitors have told. */
function knownNormal(state: GateState, params: GateParams): NormalNow | null {
  return state.normal.visitors < params.minimumVisitors
    ? null
    : normalNow(state.normal, circumstancesOf(state));
}

function circumstancesOf({ nowMs, scene }: GateState): Circumstances {
  return { atMs: nowMs, ambientC: scene.surroundings.ambient?.temperatureC ?? null };
}
