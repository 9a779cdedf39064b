import type { MutableBuzzer } from '../../feedback/mutable-buzzer.ts';
import type { Clock } from '../../ports/clock.ts';

const MINUTE_MS = 60_000;

/** Keeps the buzzer silent for a time, in memory alone: a restart lets it sound again. */
export class Mute {
  readonly #buzzer: MutableBuzzer;
  readonly #clock: Clock;
  #endsAtMs: number | null = null;

  constructor(buzzer: MutableBuzzer, clock: Clock) {
    this.#buzzer = buzzer;
    this.#clock = clock;
  }

  for(minutes: number): void {
    this.#endsAtMs = minutes === 0 ? null : this.#clock.nowMs() + minutes * MINUTE_MS;
    this.#buzzer.mute(this.#endsAtMs !== null);
  }

  /** Unix time in ms at which it ends; null: it is not muted. Lets the buzzer sound when it has ended. */
  untilMs(): number | null {
    if (this.#endsAtMs === null) return null;
    const leftMs = this.#endsAtMs - this.#clock.nowMs();
    if (leftMs > 0) return this.#clock.wallTime().unixMs + leftMs;
    this.for(0);
    return null;
  }
}
