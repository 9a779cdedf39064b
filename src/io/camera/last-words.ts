import { StringDecoder } from 'node:string_decoder';

/** How much of what a program said last is kept, characters. */
const KEPT = 8192;
const LONGEST_LINE = 200;

/** What a program said last on stderr; bounded, however much it says. */
export class LastWords {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  push(chunk: Buffer): void {
    this.#text = (this.#text + this.#decoder.write(chunk)).slice(-KEPT);
  }

  /** The last lines, oldest first, without control characters; empty ones are left out. */
  lines(): readonly string[] {
    return this.#text
      .split(/[\r\n]+/)
      .map((line) => line.replace(/[\p{C}\uFFFD]+/gu, ' ').trim())
      .filter((line) => line !== '')
      .map((line) => line.slice(0, LONGEST_LINE));
  }
}

/** The line most likely to say why a program ended: the last that speaks of an error, or else the last. */
export function reasonIn(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => /error|fail|terminate called/i.test(line)) ?? lines.at(-1);
}
