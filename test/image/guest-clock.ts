import type { Clock } from '../../src/ports/clock.ts';

type Sleeper = Readonly<{ untilMs: number; wake: () => void }>;

/**
 * The time of a guest, as the guest tells it: an emulated processor is slower than its own time says. It stands still while
 * the guest is switched off, and goes on from there when it is started again.
 */
export class GuestClock implements Clock {
  #nowMs = 0;
  #switchedOnAtMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** The guest is switched on: it counts from 0 again. */
  restart(): void {
    this.#switchedOnAtMs = this.#nowMs;
  }

  /** The guest says how long it has been on. */
  tell(upMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, this.#switchedOnAtMs + upMs);
    for (const sleeper of this.#sleepers) if (sleeper.untilMs <= this.#nowMs) sleeper.wake();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallTime() {
    return { unixMs: this.#nowMs, trusted: false };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', aborted);
        resolve();
      };
      const sleeper = { untilMs: this.#nowMs + ms, wake };
      const aborted = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }
}
