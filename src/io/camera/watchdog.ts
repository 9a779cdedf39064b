/** Time given to what came while this process was too busy to look, ms. */
const SECOND_LOOK_MS = 200;

/** Barks when something expected does not come in time. */
export class Watchdog {
  readonly #bark: (expectedWithinMs: number) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(bark: (expectedWithinMs: number) => void) {
    this.#bark = bark;
  }

  /** Expects the next sign of life within `ms`, in place of what was expected before. */
  expect(ms: number): void {
    clearTimeout(this.#timer);
    // A timer that is late itself fires before the data that came meanwhile is read.
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => this.#bark(ms), SECOND_LOOK_MS);
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
