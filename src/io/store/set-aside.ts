import { readFile } from 'node:fs/promises';
import { removeFile, replaceFile } from './durable-file.ts';
import { errnoOf } from './store-error.ts';
import { numberIn, type Unreadable, visitsFile } from './visits-file.ts';

/** Ending of a file of what could not be read. */
export const SET_ASIDE = '.bad';

/**
 * Lines that could not be read, in a file beside the visits: each after the number of the visit that it seems to be, so
 * that it is deleted when visits of its age are.
 */
export class SetAside {
  readonly #file: string;
  #lines: readonly Unreadable[];

  private constructor(file: string, lines: readonly Unreadable[]) {
    this.#file = file;
    this.#lines = lines;
  }

  /** Rejects with the file system's error. */
  static async open(directory: string): Promise<SetAside> {
    const file = `${visitsFile(directory)}${SET_ASIDE}`;
    const text = await readFile(file, 'latin1').catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n').filter((line) => line !== '');
    return new SetAside(
      file,
      lines.map((line) => ({
        near: Number.parseInt(line, 10) || 0,
        text: line.slice(line.indexOf(' ') + 1),
      })),
    );
  }

  /** How many lines are kept. */
  get count(): number {
    return this.#lines.length;
  }

  /** Keeps these lines too; after a crash the same may come again. Rejects with the file system's error. */
  async add(lines: readonly Unreadable[]): Promise<void> {
    const known = new Set(this.#lines.map(({ text }) => text));
    await this.#keep([...this.#lines, ...lines.filter(({ text }) => !known.has(text))]);
  }

  /** Deletes what is older than this visit. Rejects with the file system's error. */
  async deleteBefore(number: number): Promise<void> {
    await this.#keep(this.#lines.filter(({ near }) => near >= number));
  }

  /** Deletes what may be of these visits. Rejects with the file system's error. */
  async deleteOf(numbers: ReadonlySet<number>): Promise<void> {
    await this.#keep(this.#lines.filter(({ text }) => !numbers.has(numberIn(text) ?? 0)));
  }

  /** Deletes all of it. Rejects with the file system's error. */
  async deleteAll(): Promise<void> {
    await this.#keep([]);
  }

  async #keep(lines: readonly Unreadable[]): Promise<void> {
    if (lines.length === this.#lines.length) return;
    if (lines.length === 0) await removeFile(this.#file);
    else
      await replaceFile(
        this.#file,
        Buffer.from(lines.map(({ near, text }) => `${near} ${text}\n`).join(''), 'latin1'),
      );
    this.#lines = lines;
  }
}
