import type { Log } from '../../ports/log.ts';

/** Work that may fail without keeping a gate from running: what fails is told once, and tried again by whoever calls. */
export class Attempts {
  readonly #log: Log;
  /** What went wrong last, by what was tried. */
  readonly #told = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  async make(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#told.delete(what);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#told.get(what) !== message) this.#log.error({ error: message }, `${what} failed`);
      this.#told.set(what, message);
    }
  }
}
