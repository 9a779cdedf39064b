import type { Signal } from '../domain/signal.ts';
import { noLevel } from '../screening/normal-level.ts';
import { afterAnswer } from './answered.ts';
import { framingOf } from './framing.ts';
import { conditionOf } from './health.ts';
import { afterVisit, type Measured, measure, seeVisitor, startMeasuring } from './measuring.ts';
import { REASONS } from './reasons.ts';
import { nothingSeen, watchScene } from './scene-watch.ts';
import { noTracks, trackFaces } from './tracks.ts';
import type { GateEffect, GateEvent, GateParams, GateState, Phase } from './types.ts';

/** The gate after an event, and what it wants done. */
export type Transition = Readonly<{ state: GateState; effects: readonly GateEffect[] }>;

const IDLE: Phase = { kind: 'idle' };
/** Nobody warm for so long: the visitor has left. Bridges a thermogram or two spoiled by motion. */
const PRESENCE_ENDS_AFTER_MS = 800;
/** Somebody in view for less is about to look at the gate, ms. */
const JUST_COME_MS = 3000;
/** Longer than between two looks at somebody who stands there answered, ms. */
const UNSEEN_MS = 450;
/** Thermograms kept: more than come while one camera picture is looked at. */
const KEPT_THERMOGRAMS = 8;

/** The gate as it starts; `nextVisitNumber` from the store, so that numbers are never reused. */
export function initialState(nextVisitNumber: number): GateState {
  return {
    nowMs: 0,
    startedAtMs: null,
    failed: { thermal: false, camera: false },
    thermogram: null,
    recent: [],
    presence: null,
    facesAtMs: null,
    tracking: noTracks,
    phase: IDLE,
    normal: noLevel,
    verdicts: [],
    nextVisitNumber,
    scene: nothingSeen,
    condition: 'warming-up',
    signal: 'warming-up',
  };
}

/**
 * How long after the last camera frame the next is worth looking at, ms; null: not at all, nobody is there. Every frame
 * counts while somebody has just come, is about to be measured or is; a few a second tell whether somebody who does not
 * look does so after all, or has left.
 */
export function nextLookAfterMs(state: GateState): number | null {
  if (state.presence === null) return null;
  switch (state.phase.kind) {
    case 'measuring':
      return 0;
    case 'prompting':
    case 'idle':
      return state.tracking.tracks.length > 0 || state.nowMs - state.presence.sinceMs < JUST_COME_MS
        ? 0
        : 200;
    case 'answered':
    case 'refused':
      // Unseen, the answered visitor has made room for the next.
      return state.nowMs - state.phase.seenAtMs > UNSEEN_MS ? 0 : 300;
  }
}

/** Whether masks are worth judging: somebody is being measured. */
export function masksWanted(state: GateState): boolean {
  return state.phase.kind === 'measuring';
}

/** The whole behaviour of the gate: one event in, the next state and its effects out. Pure. */
export function step(state: GateState, event: GateEvent, params: GateParams): Transition {
  const observed = observe(state, event, params);
  const condition = conditionOf(observed, params);
  const { phase, visit, refused } =
    condition === null ? nextPhase(observed, event, params) : { phase: IDLE, visit: null };
  const signal = condition === null ? signalOf(phase, observed.nowMs, params) : REASONS[condition].signal;
  const settled = visit === null ? observed : afterVisit(observed, visit);
  const effects: GateEffect[] = [];
  if (condition !== state.condition) effects.push({ kind: 'condition', reason: condition });
  if (signal !== state.signal) effects.push({ kind: 'signal', signal });
  if (refused !== undefined) effects.push({ kind: 'refused', refused });
  if (visit !== null) effects.push({ kind: 'visit', visit });
  return { state: { ...settled, phase, condition, signal }, effects };
}

/** Takes in what the event tells, without judging it. */
function observe(before: GateState, event: GateEvent, params: GateParams): GateState {
  const nowMs = Math.max(before.nowMs, event.atMs);
  const state = before.startedAtMs === null ? { ...before, startedAtMs: nowMs } : before;
  switch (event.kind) {
    case 'tick':
      return { ...state, nowMs };
    case 'checks':
      return { ...state, nowMs, verdicts: event.verdicts };
    case 'fault':
      return { ...state, nowMs, failed: { ...state.failed, [event.part]: event.failed } };
    case 'faces':
      return {
        ...state,
        nowMs,
        facesAtMs: nowMs,
        tracking: trackFaces(state.tracking, event.faces, event.atMs, params.tracking),
      };
    case 'thermogram': {
      const facesInView = state.tracking.tracks.length > 0;
      const scene = watchScene(state.scene, event.thermogram, facesInView, params);
      return {
        ...state,
        nowMs,
        thermogram: event.thermogram,
        recent: [...state.recent, event.thermogram].slice(-KEPT_THERMOGRAMS),
        scene,
        presence: nextPresence(state, scene.present, nowMs),
      };
    }
  }
}

function nextPresence(state: GateState, present: boolean, nowMs: number): GateState['presence'] {
  if (present) return { sinceMs: state.presence?.sinceMs ?? nowMs, lastMs: nowMs };
  if (state.presence === null || nowMs - state.presence.lastMs > PRESENCE_ENDS_AFTER_MS) return null;
  return state.presence;
}

function nextPhase(state: GateState, event: GateEvent, params: GateParams): Measured {
  const framing = framingOf(state, params);
  const phase =
    state.phase.kind === 'answered' || state.phase.kind === 'refused'
      ? afterAnswer(state.phase, event, framing, state, params)
      : state.phase;
  if (phase.kind === 'answered' || phase.kind === 'refused') return { phase, visit: null };
  if (framing.kind === 'nobody') return { phase: IDLE, visit: null };
  if (framing.kind === 'prompt') return { phase: { kind: 'prompting', reason: framing.reason }, visit: null };

  const { track, region } = framing;
  if (phase.kind !== 'measuring' || phase.trackId !== track.id) {
    return { phase: startMeasuring(track, region, state, params), visit: null };
  }
  if (event.kind === 'faces') return { phase: seeVisitor(phase, track, region, state, params), visit: null };
  if (event.kind !== 'thermogram') return { phase, visit: null };
  return measure(phase, track, region, event.thermogram, state, params);
}

function signalOf(phase: Phase, nowMs: number, params: GateParams): Signal {
  switch (phase.kind) {
    case 'idle':
      return 'idle';
    case 'prompting':
      return REASONS[phase.reason].signal;
    case 'measuring':
      if (phase.restarted && phase.samples.subpages < params.minimumSubpages) return 'hold-still';
      return phase.secondLookSinceMs === null ? 'measuring' : 'second-look';
    case 'refused':
      return REASONS[phase.reason].signal;
    case 'answered':
      return nowMs - phase.sinceMs < params.answerMs || phase.outcome !== 'normal' ? phase.outcome : 'idle';
  }
}
