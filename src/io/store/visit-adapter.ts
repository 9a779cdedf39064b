import type { Adapter } from 'lowdb';
import type { StoredVisit } from '../../records/stored-visit.ts';
import { type AppendFile, openAppendFile } from './append-file.ts';
import { removeFile, syncFolder } from './durable-file.ts';
import { blankLines, LineEraser } from './line-eraser.ts';
import { type Recovered, type RecoveredSegment, recoverStore } from './recover.ts';
import { deleteSetAsideBefore, eraseSetAside, replaceLines, type Segment, segmentFor } from './segment.ts';

/** Most visits that a segment holds. */
const LONGEST_SEGMENT = 250;
/** A segment is at most this share of the cap. */
const SEGMENTS_PER_CAP = 20;

type Current = { segment: Segment; file: AppendFile; visits: number };
type Full = Readonly<{ segment: Segment; lastNumber: number }>;

/**
 * lowdb's file for visits. lowdb hands over all visits at every write; this adapter appends only those it has not seen
 * before, erases the lines of those beyond the cap in place, and deletes a segment when nothing of it is left. So a
 * visit is gone from its file as soon as a newer one takes its place.
 */
export class VisitAdapter implements Adapter<StoredVisit[]> {
  readonly #folder: string;
  readonly #capVisits: number;
  readonly #segmentVisits: number;
  #full: Full[] = [];
  #current: Current | null = null;
  #lastNumber = 0;
  /** Of the oldest segment, once some of it is beyond the cap. */
  #eraser: LineEraser | null = null;

  constructor(folder: string, capVisits: number) {
    this.#folder = folder;
    this.#capVisits = capVisits;
    this.#segmentVisits = Math.max(1, Math.min(LONGEST_SEGMENT, Math.floor(capVisits / SEGMENTS_PER_CAP)));
  }

  /** What the last reading put right. */
  recovered: Omit<Recovered, 'visits' | 'segments'> = {
    nextNumber: 1,
    tornLines: 0,
    badLines: 0,
    beyondCap: 0,
  };

  /** How many visits one write may add: they go into one segment, so that they are safe together or not at all. */
  get room(): number {
    const room = this.#segmentVisits - (this.#current?.visits ?? 0);
    return room > 0 ? room : this.#segmentVisits;
  }

  async read(): Promise<StoredVisit[]> {
    const { visits, segments, ...recovered } = await recoverStore(
      this.#folder,
      this.#capVisits,
      this.#segmentVisits,
    );
    this.recovered = recovered;
    this.#lastNumber = visits.at(-1)?.number ?? 0;
    const last = segments.at(-1);
    this.#full = segments.slice(0, -1).map(({ segment, lastNumber }) => ({ segment, lastNumber }));
    this.#current = last === undefined ? null : await reopen(last);
    return visits;
  }

  /** Appends the visits that are new since the last write, then deletes those beyond the cap. */
  async write(visits: StoredVisit[]): Promise<void> {
    const from = visits.findLastIndex((visit) => visit.number <= this.#lastNumber) + 1;
    const first = visits[from];
    const last = visits.at(-1);
    if (first === undefined || last === undefined) return;
    const fresh = visits.slice(from);
    const current = await this.#segmentWithRoom(first.number);
    await current.file.append(fresh.map((visit) => `${JSON.stringify(visit)}\n`).join(''));
    current.visits += fresh.length;
    this.#lastNumber = last.number;
    await this.#deleteBefore(visits[Math.max(0, visits.length - this.#capVisits)] ?? first);
  }

  /**
   * Erases these visits wherever they are: their lines are overwritten with spaces, safe on disk, and segments with
   * nothing left deleted. Rejects with the file system's error; what was erased before stays erased.
   */
  async erase(numbers: ReadonlySet<number>): Promise<void> {
    // Visits deleted for newer ones would else come back after a power cut into the places that become free.
    await this.#eraser?.sync();
    await syncFolder(this.#folder);
    for (const { segment, current } of this.#holding(numbers)) {
      const left = await blankLines(segment, numbers);
      // An erased line no longer tells its number, so the name of a new segment does.
      if (current !== null && numbers.has(this.#lastNumber)) await this.#startSegment(this.#lastNumber + 1);
      if (left === 0 && segment !== this.#current?.segment) await this.#removeFull(segment);
    }
    await eraseSetAside(this.#folder, numbers);
  }

  async #removeFull(segment: Segment): Promise<void> {
    if (segment === this.#eraser?.segment) await this.#closeEraser();
    await removeFile(segment.file);
    this.#full = this.#full.filter((one) => one.segment !== segment);
  }

  /** Writes these visits anew in place of those with their numbers. Rejects with the file system's error. */
  async replace(visits: ReadonlyMap<number, StoredVisit>): Promise<void> {
    for (const { segment, current } of this.#holding(new Set(visits.keys()))) {
      if (segment === this.#eraser?.segment) await this.#closeEraser();
      await current?.file.settle();
      const size = await replaceLines(segment, visits);
      if (current !== null) await this.#reopen(current, size);
    }
  }

  /** The file behind the current segment is another one now. */
  async #reopen(current: Current, size: number): Promise<void> {
    const { visits } = current;
    // Full until it is open again: should that fail, the next visit starts another segment.
    current.visits = this.#segmentVisits;
    await current.file.close();
    current.file = await openAppendFile(current.segment.file, size);
    current.visits = visits;
  }

  /** The segments that may hold some of these visits. */
  #holding(numbers: ReadonlySet<number>): readonly Readonly<{ segment: Segment; current: Current | null }>[] {
    const current = this.#current;
    const all = [
      ...this.#full.map(({ segment, lastNumber }) => ({ segment, lastNumber, current: null })),
      ...(current === null ? [] : [{ segment: current.segment, lastNumber: this.#lastNumber, current }]),
    ];
    return all.filter(({ segment, lastNumber }) =>
      [...numbers].some((number) => number >= segment.firstNumber && number <= lastNumber),
    );
  }

  async close(): Promise<void> {
    await this.#closeEraser();
    await this.#current?.file.close();
    this.#current = null;
  }

  async #segmentWithRoom(firstNumber: number): Promise<Current> {
    const current = this.#current;
    if (current !== null && current.visits < this.#segmentVisits) return current;
    return this.#startSegment(firstNumber);
  }

  async #startSegment(firstNumber: number): Promise<Current> {
    const before = this.#current;
    const segment = segmentFor(this.#folder, firstNumber);
    const file = await openAppendFile(segment.file, 0);
    const current = { segment, file, visits: 0 };
    try {
      await syncFolder(this.#folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.#current = current;
    if (before !== null) {
      this.#full.push({ segment: before.segment, lastNumber: this.#lastNumber });
      await before.file.close();
    }
    return current;
  }

  /** What cannot be deleted now is tried again at the next write, and at the next opening. */
  async #deleteBefore(oldest: StoredVisit): Promise<void> {
    const gone = this.#full.filter((one) => one.lastNumber < oldest.number);
    try {
      for (const { segment } of gone) {
        await removeFile(segment.file);
        this.#full.shift();
      }
      const first = this.#full[0]?.segment ?? this.#current?.segment;
      if (gone.length > 0 && first !== undefined) await deleteSetAsideBefore(this.#folder, first);
      await this.#eraseBefore(oldest.number);
    } catch {
      return;
    }
  }

  /** Only full segments hold visits beyond the cap, since none is longer than the cap. */
  async #eraseBefore(number: number): Promise<void> {
    const segment = this.#full[0]?.segment;
    if (segment !== this.#eraser?.segment) await this.#closeEraser();
    if (segment === undefined || segment.firstNumber >= number) return;
    this.#eraser ??= await LineEraser.open(segment);
    await this.#eraser.eraseBefore(number);
  }

  async #closeEraser(): Promise<void> {
    const eraser = this.#eraser;
    this.#eraser = null;
    await eraser?.close();
  }
}

async function reopen({ segment, size, visits }: RecoveredSegment): Promise<Current> {
  return { segment, file: await openAppendFile(segment.file, size), visits };
}
