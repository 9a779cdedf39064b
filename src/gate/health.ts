import type { GateParams, GateState } from './types.ts';

/** Whether the gate can measure at all. */
export type Health = 'ok' | 'warming-up' | 'out-of-service';

/** A stale picture, a failed part or a sensor not yet settled: the gate says so and answers nobody. */
export function healthOf(state: GateState, params: GateParams): Health {
  if (state.failed.thermal || state.failed.camera) return 'out-of-service';
  if (state.thermogram === null) {
    const waitedMs = state.nowMs - (state.startedAtMs ?? state.nowMs);
    return waitedMs <= params.firstThermogramWithinMs ? 'warming-up' : 'out-of-service';
  }
  if (state.nowMs - state.thermogram.atMs > params.staleMs) return 'out-of-service';
  if (!state.thermogram.settled) return 'warming-up';
  return visionIsLate(state, params) ? 'out-of-service' : 'ok';
}

function visionIsLate(state: GateState, params: GateParams): boolean {
  if (state.presence === null) return false;
  const waitingSinceMs = Math.max(state.presence.sinceMs, state.facesAtMs ?? Number.NEGATIVE_INFINITY);
  return state.nowMs - waitingSinceMs > params.visionLateMs;
}
