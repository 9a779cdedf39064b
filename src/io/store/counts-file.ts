import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Visit } from '../../domain/visit.ts';
import { BLANK } from '../../records/place.ts';
import {
  countsPlace,
  countVisit,
  type DayCounts,
  parseCountsLine,
  parseOldCounts,
  settledCounts,
} from '../../records/visit-counts.ts';
import { removeFile, replaceFile, UNFINISHED } from './durable-file.ts';
import { PlaceFile, placesFor } from './place-file.ts';
import { errnoOf } from './store-error.ts';

const FILE = 'counts.ndjson';
/** Of a version before. */
const OLD_FILE = 'counts.json';

/** The counts kept in a folder of records, without its lock; empty where there are none. */
export async function readCounts(directory: string): Promise<readonly DayCounts[]> {
  const text = await textOf(path.join(directory, FILE));
  if (text === null) return parseOldCounts((await textOf(path.join(directory, OLD_FILE))) ?? '') ?? [];
  return text.split('\n').flatMap((line) => parseCountsLine(line.trimEnd()) ?? []);
}

/** Visits counted by day, each safe on disk before it counts, every day in its own place. Calls follow one another. */
export class CountsFile {
  readonly #directory: string;
  #days: readonly DayCounts[];
  /** Holds the days in their order; null: to be written as a whole. */
  #file: PlaceFile | null = null;
  #work: Promise<void> = Promise.resolve();

  private constructor(directory: string, days: readonly DayCounts[]) {
    this.#directory = directory;
    this.#days = days;
  }

  /** Rejects with the file system's error. */
  static async open(directory: string): Promise<CountsFile> {
    return new CountsFile(directory, await readCounts(directory));
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
      await this.#close();
      for (const name of [FILE, FILE + UNFINISHED, OLD_FILE, OLD_FILE + UNFINISHED])
        await removeFile(path.join(this.#directory, name));
      this.#days = [];
    });
  }

  /** Rejects with the file system's error. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  #change(next: (days: readonly DayCounts[]) => readonly DayCounts[]): Promise<void> {
    return this.#inTurn(async () => {
      const days = next(this.#days);
      if (days === this.#days) return;
      const file = this.#file;
      if (file === null || days.length < this.#days.length || days.length > file.places) {
        await this.#writeWhole(days);
      } else {
        const changes = days.map((day, place) => ({ day, place, bytes: countsPlace(day) }));
        await file.exchange(changes.filter(({ day, place }) => day !== this.#days[place]));
      }
      this.#days = days;
    });
  }

  async #writeWhole(days: readonly DayCounts[]): Promise<void> {
    await this.#close();
    const blank = Array.from({ length: placesFor(days.length) - days.length }, () => BLANK);
    const file = path.join(this.#directory, FILE);
    await replaceFile(file, Buffer.concat([...days.map(countsPlace), ...blank]));
    await removeFile(path.join(this.#directory, OLD_FILE));
    this.#file = await PlaceFile.open(file, BLANK, new Set(days.keys()));
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'latin1').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}
