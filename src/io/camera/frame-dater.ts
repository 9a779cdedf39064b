import type { Clock } from '../../ports/clock.ts';

/** How long a whole frame waits for its time stamp, which is written right after it. */
const GRACE_MS = 20;
/** Stamps kept for frames not yet whole: a small frame's stamp can overtake it. */
const MOST_EARLY = 64;
/** An older frame's stamp is not believed. */
const OLDEST_MS = 1000;
/** No camera exposes pictures faster. */
const LEAST_APART_MS = 1;

/** A whole picture and when it was exposed, ms on the gate's clock. */
export type DatedPicture = Readonly<{ data: Uint8Array; atMs: number }>;

type Held = Readonly<{ number: number; data: Uint8Array; arrivedAtMs: number }>;

/**
 * Says when pictures were exposed, from time stamps that come beside them: one a picture, in the same order. A picture
 * whose stamp does not come, or cannot be right, is dated by its arrival; none is dated before one that came before it.
 */
export class FrameDater {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #deliver: (picture: DatedPicture) => void;
  readonly #early = new Map<number, number | null>();
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #pictures = 0;
  #stamps = 0;
  #held: Held | null = null;
  #grace: NodeJS.Timeout | undefined;

  constructor(clock: Pick<Clock, 'nowMs'>, deliver: (picture: DatedPicture) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  picture(data: Uint8Array): void {
    this.#release();
    const number = this.#pictures++;
    const arrivedAtMs = this.#clock.nowMs();
    const early = this.#early.get(number);
    this.#early.delete(number);
    if (early !== undefined) this.#dated(data, this.#exposedAtMs(early, arrivedAtMs));
    // Stamps that lag behind, or never come at all, are not worth a delay of every frame.
    else if (this.#stamps < number) this.#dated(data, arrivedAtMs);
    else {
      this.#held = { number, data, arrivedAtMs };
      this.#grace = setTimeout(() => this.#release(), GRACE_MS);
    }
  }

  /** @param sensorNs when the next picture was exposed, ns of CLOCK_MONOTONIC; null if that is not known */
  stamp(sensorNs: number | null): void {
    const number = this.#stamps++;
    const held = this.#held;
    if (held?.number === number) this.#release(this.#exposedAtMs(sensorNs, held.arrivedAtMs));
    else if (number >= this.#pictures && this.#early.size < MOST_EARLY) this.#early.set(number, sensorNs);
  }

  /** Wipes and forgets what is held. */
  stop(): void {
    clearTimeout(this.#grace);
    this.#held?.data.fill(0);
    this.#held = null;
  }

  #release(atMs?: number): void {
    const held = this.#held;
    if (held === null) return;
    clearTimeout(this.#grace);
    this.#held = null;
    this.#dated(held.data, atMs ?? held.arrivedAtMs);
  }

  /** The arrival of the picture before may have been later than the exposure of this one. */
  #dated(data: Uint8Array, atMs: number): void {
    this.#lastAtMs = Math.max(atMs, this.#lastAtMs + LEAST_APART_MS);
    this.#deliver({ data, atMs: this.#lastAtMs });
  }

  #exposedAtMs(sensorNs: number | null, arrivedAtMs: number): number {
    if (sensorNs === null) return arrivedAtMs;
    const ageMs = (Number(process.hrtime.bigint()) - sensorNs) / 1e6;
    return ageMs >= 0 && ageMs <= OLDEST_MS ? this.#clock.nowMs() - ageMs : arrivedAtMs;
  }
}
