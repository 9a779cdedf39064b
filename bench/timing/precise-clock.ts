import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** What a timer may be late, ms. */
const TIMER_LATE_MS = 2;

/** A clock whose sleepers wake on time, for it spins at the end: a bus' bits do not take longer on a busy machine. */
export function createPreciseClock(): Clock {
  const clock = createSystemClock();
  return {
    ...clock,
    async sleep(ms, signal) {
      const wakeMs = clock.nowMs() + ms;
      if (ms > TIMER_LATE_MS) await clock.sleep(Math.floor(ms - TIMER_LATE_MS), signal);
      while (clock.nowMs() < wakeMs);
    },
  };
}
