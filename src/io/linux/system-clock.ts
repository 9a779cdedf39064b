import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import { isClockSynchronised } from './libc.ts';

const TRUST_KEPT_MS = 5000;

/** The machine's time. Wall time is trusted while the kernel says that a time source keeps it. */
export function createSystemClock(): Clock {
  const startedAt = performance.now();
  const nowMs = (): number => performance.now() - startedAt;
  let trusted = false;
  let askedMs = Number.NEGATIVE_INFINITY;
  return {
    nowMs,
    wallTime() {
      if (nowMs() - askedMs > TRUST_KEPT_MS) {
        askedMs = nowMs();
        trusted = isClockSynchronised() ?? false;
      }
      return { unixMs: Date.now(), trusted };
    },
    async sleep(ms, signal) {
      // A timer counts whole milliseconds; those who wait for an instant must not wake before it.
      await sleep(Math.max(0, Math.ceil(ms)), undefined, { signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    },
  };
}
