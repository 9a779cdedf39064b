import type { Reason } from './reasons.ts';
import type { GateParams, GateState } from './types.ts';

/**
 * Why the gate can measure nobody now; null: it can. A stale picture, a failed part, a sensor not yet settled, a room that
 * is no room to measure in, a reference that is not what it must be.
 */
export function conditionOf(state: GateState, params: GateParams): Reason | null {
  if (state.failed.thermal || state.failed.camera) return 'sensor-failed';
  if (state.thermogram === null) {
    const waitedMs = state.nowMs - (state.startedAtMs ?? state.nowMs);
    return waitedMs <= params.firstThermogramWithinMs ? 'warming-up' : 'sensor-failed';
  }
  if (state.nowMs - state.thermogram.atMs > params.staleMs) return 'sensor-failed';
  if (!state.thermogram.settled) return 'warming-up';
  if (visionIsLate(state, params)) return 'sensor-failed';
  return roomCondition(state, params) ?? referenceCondition(state, params);
}

function visionIsLate(state: GateState, params: GateParams): boolean {
  if (state.presence === null) return false;
  const waitingSinceMs = Math.max(state.presence.sinceMs, state.facesAtMs ?? Number.NEGATIVE_INFINITY);
  return state.nowMs - waitingSinceMs > params.visionLateMs;
}

function roomCondition({ scene }: GateState, { conditions }: GateParams): Reason | null {
  const { ambient, slopeCPerMinute } = scene.surroundings;
  const { minAmbientC, maxAmbientC, maxSlopeCPerMinute } = conditions.surroundings;
  if (ambient !== null && ambient.temperatureC < minAmbientC) return 'ambient-too-cold';
  if (ambient !== null && ambient.temperatureC > maxAmbientC) return 'ambient-too-warm';
  return Math.abs(slopeCPerMinute ?? 0) > maxSlopeCPerMinute ? 'ambient-changing' : null;
}

function referenceCondition({ scene }: GateState, { conditions }: GateParams): Reason | null {
  if (conditions.reference === null) return null;
  switch (scene.reference.state) {
    case 'found':
      return null;
    case 'searching':
      return 'reference-searching';
    case 'lost':
      return 'reference-lost';
    case 'dirty':
      return 'reference-dirty';
  }
}
