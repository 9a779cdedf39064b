import { intersectionOverUnion } from '../domain/geometry.ts';
import { warmFromC } from '../screening/presence.ts';
import { backgroundOf } from '../screening/surroundings.ts';
import { type Framing, hottestIn } from './framing.ts';
import type { Track } from './tracks.ts';
import type { GateEvent, GateParams, GateState, Phase } from './types.ts';

type Answered = Extract<Phase, { kind: 'answered' | 'refused' }>;

/** A face overlapping the answered visitor's so much is that visitor, even if another track has begun. */
const SAME_PLACE = 0.4;
/** An unseen visitor whose place is still warm may be hidden, by somebody who walks past or a raised hand: so long, ms. */
const HIDDEN_FOR_MS = 1400;
/** One thermogram may be spoiled by motion. */
const EMPTY_THERMOGRAMS = 2;

/**
 * An answer stays until its visitor has left and it was shown long enough, or the next visitor stands there; an answer
 * that asks for a human is not cut short by the next visitor.
 */
export function afterAnswer(
  phase: Answered,
  event: GateEvent,
  framing: Framing,
  state: GateState,
  params: GateParams,
): Phase {
  const seen = watched(phase, event, state, params);
  const gone = hasLeft(seen) || state.nowMs - seen.seenAtMs > HIDDEN_FOR_MS;
  const shown = state.nowMs - seen.sinceMs >= params.answerMs;
  const next = framing.kind === 'ready' && !isAnswered(framing.track, seen);
  return (shown && gone) || (next && (shown || isNormal(seen))) ? { kind: 'idle' } : seen;
}

function isNormal(phase: Answered): boolean {
  return phase.kind === 'answered' && phase.outcome === 'normal';
}

/** Follows the answered visitor: by the track, which survives being hidden, and by the place while it is not empty. */
function watched(phase: Answered, event: GateEvent, state: GateState, params: GateParams): Answered {
  const visitor = state.tracking.tracks.find((track) => isAnswered(track, phase));
  if (visitor !== undefined && visitor.seenAtMs > phase.seenAtMs) {
    return {
      ...phase,
      trackId: visitor.id,
      face: visitor.face,
      seenAtMs: visitor.seenAtMs,
      emptyThermograms: 0,
    };
  }
  const hidden = state.tracking.lookedAtMs > phase.seenAtMs;
  if (event.kind !== 'thermogram' || !hidden || hasLeft(phase)) return phase;
  const region = params.locate(phase.face);
  // In a warm room the wall is as warm as hair: what is somebody's warmth depends on the room.
  const warmC = warmFromC(backgroundOf(event.thermogram), params.presence);
  const empty = region !== null && hottestIn(event.thermogram, region.upperFace) < warmC;
  return { ...phase, emptyThermograms: empty ? phase.emptyThermograms + 1 : 0 };
}

/** Nobody was where the visitor stood: whoever comes there is the next. */
function hasLeft(phase: Answered): boolean {
  return phase.emptyThermograms >= EMPTY_THERMOGRAMS;
}

function isAnswered(track: Track, phase: Answered): boolean {
  if (hasLeft(phase)) return false;
  return track.id === phase.trackId || intersectionOverUnion(track.face.box, phase.face.box) >= SAME_PLACE;
}
