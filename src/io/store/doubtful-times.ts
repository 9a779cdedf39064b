import type { Visit } from '../../domain/visit.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Clock } from '../../ports/clock.ts';
import { isoSeconds } from '../../records/stored-visit.ts';
import type { DiskVisitStore } from './disk-visit-store.ts';

/** Visits of this run that were dated while the clock was not synchronised, to be put right once it is. */
export class DoubtfulTimes {
  readonly #clock: Clock;
  readonly #zone: string;
  /** When they were, by the clock and by the monotonic one, ms. */
  readonly #visits = new Map<number, Readonly<{ unixMs: number; atMs: number }>>();

  constructor(clock: Clock, zone: string) {
    this.#clock = clock;
    this.#zone = zone;
  }

  /** To be called as soon as a visit is decided. */
  note({ number, timeMs, timeTrusted }: Visit): void {
    if (!timeTrusted) this.#visits.set(number, { unixMs: timeMs, atMs: this.#clock.nowMs() });
  }

  /**
   * Once the clock is synchronised, shifts the noted visits by how far it was off: monotonic time has run right all along.
   * Rejects with StoreError; the next call tries again.
   */
  async putRight(visits: Pick<DiskVisitStore, 'amend'>, audit: AuditTrail): Promise<void> {
    const { unixMs, trusted } = this.#clock.wallTime();
    if (!trusted || this.#visits.size === 0) return;
    const startedMs = unixMs - this.#clock.nowMs();
    const numbers = [...this.#visits.keys()];
    let shiftMs = 0;
    const amended = await visits.amend(numbers, (visit) => {
      const noted = this.#visits.get(visit.number);
      if (noted === undefined) return visit;
      const { time_trusted: _, ...rest } = visit;
      shiftMs = Math.round(startedMs + noted.atMs - noted.unixMs);
      return { ...rest, time: isoSeconds(startedMs + noted.atMs, this.#zone) };
    });
    for (const number of numbers) this.#visits.delete(number);
    if (amended.length > 0) await audit.append({ event: 'clock-repaired', shiftMs, visits: amended.length });
  }
}
