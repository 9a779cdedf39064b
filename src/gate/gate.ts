import type { Signal } from '../domain/signal.ts';
import { nextAmbient } from '../screening/ambient.ts';
import { noLevel } from '../screening/normal-level.ts';
import { somebodyPresent } from '../screening/presence.ts';
import { afterAnswer } from './answered.ts';
import { framingOf } from './framing.ts';
import { healthOf } from './health.ts';
import { afterVisit, type Measured, measure, seeMask, startMeasuring } from './measuring.ts';
import { noTracks, trackFaces } from './tracks.ts';
import type { GateEffect, GateEvent, GateParams, GateState, Phase } from './types.ts';

/** The gate after an event, and what it wants done. */
export type Transition = Readonly<{ state: GateState; effects: readonly GateEffect[] }>;

const IDLE: Phase = { kind: 'idle' };
/** Nobody warm for so long: the visitor has left. Bridges a thermogram or two spoiled by motion. */
const PRESENCE_ENDS_AFTER_MS = 800;

/** The gate as it starts; `nextVisitNumber` from the store, so that numbers are never reused. */
export function initialState(nextVisitNumber: number): GateState {
  return {
    nowMs: 0,
    startedAtMs: null,
    failed: { thermal: false, camera: false },
    thermogram: null,
    presence: null,
    facesAtMs: null,
    tracking: noTracks,
    phase: IDLE,
    ambient: null,
    normal: noLevel,
    nextVisitNumber,
    signal: 'warming-up',
  };
}

/**
 * How long after the last camera frame the next is worth looking at, ms; null: not at all, nobody is there. Every frame
 * counts while somebody is about to be measured; a few a second tell when somebody comes near or has left.
 */
export function nextLookAfterMs(state: GateState): number | null {
  if (state.presence === null) return null;
  switch (state.phase.kind) {
    case 'measuring':
      return 0;
    case 'prompting':
      return state.phase.prompt === 'hold-still' ? 0 : 200;
    case 'idle':
      return 200;
    case 'answered':
      return 400;
  }
}

/** Whether masks are worth judging: somebody is being measured. */
export function masksWanted(state: GateState): boolean {
  return state.phase.kind === 'measuring';
}

/** The whole behaviour of the gate: one event in, the next state and its effects out. Pure. */
export function step(state: GateState, event: GateEvent, params: GateParams): Transition {
  const observed = observe(state, event, params);
  const health = healthOf(observed, params);
  const { phase, visit } =
    health === 'ok' ? nextPhase(observed, event, params) : { phase: IDLE, visit: null };
  const signal = health === 'ok' ? signalOf(phase, observed.nowMs, params) : health;
  const settled = visit === null ? observed : afterVisit(observed, visit);
  const effects: GateEffect[] = [];
  if (signal !== state.signal) effects.push({ kind: 'signal', signal });
  if (visit !== null) effects.push({ kind: 'visit', visit });
  return { state: { ...settled, phase, signal }, effects };
}

/** Takes in what the event tells, without judging it. */
function observe(before: GateState, event: GateEvent, params: GateParams): GateState {
  const nowMs = Math.max(before.nowMs, event.atMs);
  const state = before.startedAtMs === null ? { ...before, startedAtMs: nowMs } : before;
  switch (event.kind) {
    case 'tick':
      return { ...state, nowMs };
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
      const present = somebodyPresent(event.thermogram, params.presence);
      const presence = nextPresence(state, present, nowMs);
      const ambient = presence === null ? nextAmbient(state.ambient, event.thermogram) : state.ambient;
      return { ...state, nowMs, thermogram: event.thermogram, presence, ambient };
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
    state.phase.kind === 'answered' ? afterAnswer(state.phase, event, framing, state, params) : state.phase;
  if (phase.kind === 'answered') return { phase, visit: null };
  if (framing.kind === 'nobody') return { phase: IDLE, visit: null };
  if (framing.kind === 'prompt') return { phase: { kind: 'prompting', prompt: framing.prompt }, visit: null };

  const { track, region } = framing;
  if (phase.kind !== 'measuring' || phase.trackId !== track.id) {
    return { phase: startMeasuring(track, region, state.nowMs), visit: null };
  }
  if (event.kind === 'faces') return { phase: seeMask(phase, track), visit: null };
  if (event.kind !== 'thermogram') return { phase, visit: null };
  return measure(phase, track, region, event.thermogram, state, params);
}

function signalOf(phase: Phase, nowMs: number, params: GateParams): Signal {
  switch (phase.kind) {
    case 'idle':
      return 'idle';
    case 'prompting':
      return phase.prompt;
    case 'measuring':
      return phase.secondLookSinceMs === null ? 'measuring' : 'second-look';
    case 'answered':
      return nowMs - phase.sinceMs < params.answerMs || phase.outcome !== 'normal' ? phase.outcome : 'idle';
  }
}
