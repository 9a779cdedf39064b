import type { ThermalRegion } from '../domain/thermal-region.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import type { Reading } from '../domain/visit.ts';
import { type Judgement, judge } from '../screening/decision.ts';
import { addThermogram, movedPx, startSamples } from '../screening/face-samples.ts';
import { faceTemperature, type NoReading } from '../screening/face-temperature.ts';
import { type Circumstances, learnVisitor, type NormalNow, normalNow } from '../screening/normal-level.ts';
import { maskStateOf } from '../vision/mask-state.ts';
import type { Track } from './tracks.ts';
import type { DecidedVisit, GateParams, GateState, Phase } from './types.ts';

type Measuring = Extract<Phase, { kind: 'measuring' }>;

/** What a measuring step leads to. */
export type Measured = Readonly<{ phase: Phase; visit: DecidedVisit | null }>;

/** A visitor who begins to stand still. */
export function startMeasuring(track: Track, region: ThermalRegion, atMs: number): Measuring {
  return {
    kind: 'measuring',
    trackId: track.id,
    samples: startSamples(region, atMs),
    secondLookSinceMs: null,
    maskProbabilities: [],
  };
}

/** Takes in one camera sighting of the visitor being measured. */
export function seeMask(phase: Measuring, track: Track): Measuring {
  const { maskProbability } = track.face;
  if (maskProbability === null) return phase;
  return { ...phase, maskProbabilities: [...phase.maskProbabilities, maskProbability] };
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
  if (movedPx(phase.samples, region) > params.stillPx) {
    return { phase: { kind: 'prompting', prompt: 'hold-still' }, visit: null };
  }
  if (track.seenAtMs < state.tracking.lookedAtMs) return { phase, visit: null };
  const samples = addThermogram(phase.samples, thermogram);
  const going: Measuring = { ...phase, samples };
  if (samples.subpages < params.minimumSubpages) return { phase: going, visit: null };

  const found = faceTemperature(samples, region, params.thermometry);
  if (found.kind === 'none') {
    return { phase: withoutReading(going, found.reason), visit: null };
  }
  const normal = knownNormal(state, params);
  const judgement = judge(found.reading, normal, params.decision);
  switch (nextLook(going, judgement, state.nowMs, params)) {
    case 'go-on':
      return { phase: going, visit: null };
    case 'look-again':
      return { phase: { ...going, secondLookSinceMs: state.nowMs }, visit: null };
    case 'answer':
      return answer(going, track, region, found.reading, normal, judgement, state);
  }
}

/** A face too small asks for coming closer, one without heat is none; more samples may come. */
function withoutReading(going: Measuring, reason: NoReading): Phase {
  switch (reason) {
    case 'too-few-samples':
      return going;
    case 'too-few-pixels':
      return { kind: 'prompting', prompt: 'come-closer' };
    case 'no-heat':
      return { kind: 'prompting', prompt: 'look-here' };
  }
}

function nextLook(
  phase: Measuring,
  judgement: Judgement,
  nowMs: number,
  params: GateParams,
): 'go-on' | 'look-again' | 'answer' {
  if (judgement.clear) return 'answer';
  const lookSinceMs = phase.secondLookSinceMs ?? phase.samples.startedAtMs;
  if (nowMs - lookSinceMs < params.decideWithinMs) return 'go-on';
  return judgement.outcome === 'recheck' && phase.secondLookSinceMs === null ? 'look-again' : 'answer';
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

function circumstancesOf({ nowMs, ambient }: GateState): Circumstances {
  return { atMs: nowMs, ambientC: ambient?.temperatureC ?? null };
}
