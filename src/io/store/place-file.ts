import { type FileHandle, open } from 'node:fs/promises';
import { type AppendFile, openAppendFile } from './append-file.ts';
import { replaceFile } from './durable-file.ts';

/** So many places are made at once, so that a file seldom grows. */
const PLACES_AT_ONCE = 64;

/** What a place is to hold, or several from one on: as long as they are. */
export type PlaceChange = Readonly<{ place: number; bytes: Uint8Array }>;

/** A file of equal places, each written where it is: in the long run nothing is created, removed or grown. */
export class PlaceFile {
  readonly #blank: Uint8Array;
  readonly #handle: FileHandle;
  readonly #end: AppendFile;
  /** Places that are not used, the next to use last. */
  readonly #free: number[] = [];

  private constructor(handle: FileHandle, end: AppendFile, blank: Uint8Array) {
    this.#handle = handle;
    this.#end = end;
    this.#blank = blank;
  }

  /**
   * Opens a file of places; a part of one at the end is cut off. Rejects with the file system's error.
   * @param blank what a new place holds; as long as a place, a divisor or multiple of a disk's block
   * @param used the places that are used
   */
  static async open(file: string, blank: Uint8Array, used: ReadonlySet<number>): Promise<PlaceFile> {
    const handle = await open(file, 'r+');
    try {
      const { size } = await handle.stat();
      const end = await openAppendFile(file, size - (size % blank.length));
      const opened = new PlaceFile(handle, end, blank);
      opened.free(newPlaces(0, opened.places).filter((place) => !used.has(place)));
      return opened;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Makes a file of blank places, as a whole or not at all. Rejects with the file system's error. */
  static async create(file: string, blank: Uint8Array): Promise<PlaceFile> {
    await replaceFile(file, Buffer.concat(repeated(blank, PLACES_AT_ONCE)));
    return PlaceFile.open(file, blank, new Set());
  }

  /** How many places there are. */
  get places(): number {
    return this.#end.size / this.#blank.length;
  }

  /** Whether none is used. */
  get isUnused(): boolean {
    return this.#free.length === this.places;
  }

  /**
   * So many places that were not used; the file grows if need be, safe on disk or not at all. Rejects with the file
   * system's error.
   */
  async take(count: number): Promise<number[]> {
    while (this.#free.length < count) {
      const from = this.places;
      await this.#end.append(Buffer.concat(repeated(this.#blank, PLACES_AT_ONCE)));
      this.#free.unshift(...newPlaces(from, this.places));
    }
    return this.#free.splice(this.#free.length - count).reverse();
  }

  /** Takes note that these places are not used any more. */
  free(places: readonly number[]): void {
    for (const place of places) this.#free.push(place);
  }

  /** @param count places from there on */
  async read(place: number, count = 1): Promise<Buffer> {
    const bytes = Buffer.alloc(count * this.#blank.length);
    await this.#handle.read(bytes, 0, bytes.length, place * this.#blank.length);
    return bytes;
  }

  /** Resolves when all of it is on disk. Rejects with the file system's error. */
  async write(changes: readonly PlaceChange[]): Promise<void> {
    await this.#put(runsOf(changes));
  }

  /**
   * Like {@link write}, but resolves when it outlives the process: on disk it is with the next write, or when the system
   * writes what was changed, half a minute later. A power cut before may undo any part of it.
   */
  async writeSoon(changes: readonly PlaceChange[]): Promise<void> {
    await this.#hand(runsOf(changes));
  }

  /** Like {@link write}, but puts back what was there, as far as that can be written, where it fails. */
  async exchange(changes: readonly PlaceChange[]): Promise<void> {
    const runs = runsOf(changes);
    const before: PlaceChange[] = [];
    for (const { place, bytes } of runs)
      before.push({ place, bytes: await this.read(place, bytes.length / this.#blank.length) });
    try {
      await this.#put(runs);
    } catch (error) {
      await this.#put(before).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#end.close();
  }

  async #put(runs: readonly PlaceChange[]): Promise<void> {
    await this.#hand(runs);
    await this.#handle.datasync();
  }

  async #hand(runs: readonly PlaceChange[]): Promise<void> {
    for (const { place, bytes } of runs) {
      const at = place * this.#blank.length;
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    }
  }
}

/** How many places a new file has for so many in use. */
export function placesFor(used: number): number {
  return Math.ceil(Math.max(1, used) / PLACES_AT_ONCE) * PLACES_AT_ONCE;
}

/** Places from one to before another, the first last. */
function newPlaces(from: number, end: number): number[] {
  return Array.from({ length: end - from }, (_, index) => end - 1 - index);
}

function repeated(blank: Uint8Array, count: number): Uint8Array[] {
  return Array.from({ length: count }, () => blank);
}

/** The same with places that follow each other taken together. */
function runsOf(changes: readonly PlaceChange[]): readonly PlaceChange[] {
  const runs: { place: number; parts: Uint8Array[] }[] = [];
  for (const { place, bytes } of changes) {
    const last = runs.at(-1);
    if (last !== undefined && place === last.place + last.parts.length) last.parts.push(bytes);
    else runs.push({ place, parts: [bytes] });
  }
  return runs.map(({ place, parts }) => ({ place, bytes: Buffer.concat(parts) }));
}
