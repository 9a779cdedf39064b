const BAR = 24;
/** Where no terminal follows, a line each so many parts of the work. */
const LINES = 10;

/** How far a long piece of work has come, on stderr: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  readonly #what: string;
  readonly #total: number;
  readonly #startedMs = performance.now();
  #done = 0;

  constructor(what: string, total: number) {
    this.#what = what;
    this.#total = total;
  }

  step(remark = ''): void {
    this.#done++;
    const share = this.#done / this.#total;
    const line = `${this.#what} ${this.#done} of ${this.#total}, ${this.#left(share)} ${remark}`.trimEnd();
    if (process.stderr.isTTY) {
      const filled = Math.round(BAR * share);
      process.stderr.write(`\r\x1b[K[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}] ${line}`);
      if (this.#done === this.#total) process.stderr.write('\n');
    } else if (Math.floor(share * LINES) > Math.floor((share - 1 / this.#total) * LINES)) {
      process.stderr.write(`${line}\n`);
    }
  }

  #left(share: number): string {
    const elapsedS = (performance.now() - this.#startedMs) / 1000;
    return `${Math.round(elapsedS)} s, ${Math.round((elapsedS * (1 - share)) / share)} s left`;
  }
}
