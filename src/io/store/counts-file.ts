import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Visit } from '../../domain/visit.ts';
import {
  countsText,
  countVisit,
  type DayCounts,
  parseCounts,
  settledCounts,
} from '../../records/visit-counts.ts';
import { removeFile, replaceFile, UNFINISHED } from './durable-file.ts';
import { errnoOf } from './store-error.ts';

const FILE = 'counts.json';

/** The counts kept in a folder of records, without its lock; empty where there are none. */
export async function readCounts(directory: string): Promise<readonly DayCounts[]> {
  const text = await readFile(path.join(directory, FILE), 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  });
  return parseCounts(text) ?? [];
}

/** Visits counted by day, each safe on disk before it counts. Calls follow one another. */
export class CountsFile {
  readonly #file: string;
  #days: readonly DayCounts[];
  #work: Promise<void> = Promise.resolve();

  private constructor(file: string, days: readonly DayCounts[]) {
    this.#file = file;
    this.#days = days;
  }

  /** Rejects with the file system's error. */
  static async open(directory: string): Promise<CountsFile> {
    return new CountsFile(path.join(directory, FILE), await readCounts(directory));
  }

  /** What was counted on a local day; null: nothing. */
  of(day: string): DayCounts | null {
    return this.#days.find((one) => one.day === day) ?? null;
  }

  /** @param day local day; null: the clock is not synchronised */
  add(visit: Pick<Visit, 'outcome' | 'mask'>, day: string | null): Promise<void> {
    return this.#change((days) => countVisit(days, day, visit));
  }

  /** Gives counts without a day to `today`, and forgets days before `oldest`. */
  settle(today: string, oldest: string): Promise<void> {
    return this.#change((days) => {
      const settled = settledCounts(days, today, oldest);
      return settled.length === days.length && settled.every((one, index) => one === days[index])
        ? days
        : settled;
    });
  }

  /** Deletes all counts. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await removeFile(this.#file);
      await removeFile(`${this.#file}${UNFINISHED}`);
      this.#days = [];
    });
  }

  #change(next: (days: readonly DayCounts[]) => readonly DayCounts[]): Promise<void> {
    return this.#inTurn(async () => {
      const days = next(this.#days);
      if (days === this.#days) return;
      await replaceFile(this.#file, countsText(days));
      this.#days = days;
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
