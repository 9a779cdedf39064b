import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BLANK, PLACE_BYTES } from '../../records/place.ts';
import {
  type Head,
  headPlace,
  type KeptVisit,
  parseHeadLine,
  parseVisitLine,
  visitPlace,
} from '../../records/visit-place.ts';
import { replaceFile } from './durable-file.ts';
import { placesFor } from './place-file.ts';
import { errnoOf } from './store-error.ts';

/** A visit, and its place in the file. */
export type PlacedVisit = KeptVisit & Readonly<{ place: number }>;

/** A stretch that cannot be read, and the number of the visit that it seems to be, or of one before it. */
export type Unreadable = Readonly<{ near: number; text: string }>;

/** What was found in a file of visits. */
export type VisitsFound = Readonly<{
  /** By rising number. */
  visits: readonly PlacedVisit[];
  /** Null when it cannot be read. */
  head: Head | null;
  /** Places that were to hold nothing when the power failed, and hold zeros. */
  unmade: readonly number[];
  /** The first thing that is not as it was written; null: nothing. Then every place is as told. */
  wrong: string | null;
  unreadable: readonly Unreadable[];
  /** Places that were lost without a trace. */
  lost: number;
  /** Whether a line without its end follows. */
  torn: boolean;
}>;

/** A reader beside a writing gate may see half a line. */
const LOOKS = 5;
const LOOK_AGAIN_MS = 5;
const LINE_END = 0x0a;
const SPACE = 0x20;
const NAME = 'visits.ndjson';
const NOTHING = /^[ \0]*$/;

export function visitsFile(directory: string): string {
  return path.join(directory, NAME);
}

/**
 * Reads the file of visits of a folder, without its lock and changing nothing; null when there is none. What a gate writes
 * meanwhile is seen as a whole or not at all. Rejects with the file system's error.
 */
export async function readVisitsFile(directory: string): Promise<VisitsFound | null> {
  for (let look = 1; ; look++) {
    const bytes = await readFile(visitsFile(directory)).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (bytes === null) return null;
    const found = findVisits(bytes);
    if (found.wrong === null || look === LOOKS) return found;
    await sleep(LOOK_AGAIN_MS);
  }
}

/**
 * Writes a file of visits as a whole, or not at all. Rejects with the file system's error.
 * @param next the number of the next visit
 * @param alerts the last alert's sequence; 0: there was none
 * @returns its first line; the visits follow in their order, and blank places
 */
export async function writeVisitsFile(
  directory: string,
  visits: readonly KeptVisit[],
  next: number,
  alerts: number,
): Promise<Head> {
  const head: Head = { version: 1, next, places: placesFor(visits.length + 1), alerts };
  const blank = Array.from({ length: head.places - visits.length - 1 }, () => BLANK);
  await replaceFile(
    visitsFile(directory),
    Buffer.concat([headPlace(head), ...visits.map(visitPlace), ...blank]),
  );
  return head;
}

/** What is in the bytes of a file of visits. */
function findVisits(bytes: Buffer): VisitsFound {
  const head = parseHeadLine(lineAt(bytes, 0) ?? '');
  const found = head === null ? 'its first line cannot be read' : visitsInPlace(bytes, head);
  return typeof found === 'string' ? salvage(bytes, head, `${NAME}: ${found}`) : found;
}

/** Reads place by place; what is wrong, in words, unless all is as it was written. */
function visitsInPlace(bytes: Buffer, head: Head): VisitsFound | string {
  const found: PlacedVisit[] = [];
  const unmade: number[] = [];
  const count = Math.floor(bytes.length / PLACE_BYTES);
  if (count < head.places) return 'its end is missing';
  if (count * PLACE_BYTES < bytes.length) return 'its last line has no end';
  for (let place = 1; place < count; place++) {
    const held = heldAt(bytes, place, head);
    if (held === 'nothing') continue;
    if (held === 'unmade') unmade.push(place);
    else if (held === null) return `line ${place + 1} cannot be read`;
    else found.push({ visit: held.visit, photo: held.photo, alert: held.alert, place });
  }
  const visits = found.sort(byNumber);
  const twice = visits.find(({ visit }, index) => visit.number === visits[index + 1]?.visit.number);
  if (twice !== undefined) return `visit ${twice.visit.number} is there twice`;
  return { visits, head, unmade, wrong: null, unreadable: [], lost: 0, torn: false };
}

/** What a place holds; null: nothing that can be read. */
function heldAt(bytes: Buffer, place: number, head: Head): KeptVisit | 'nothing' | 'unmade' | null {
  const line = lineAt(bytes, place);
  if (line === '') return 'nothing';
  if (place >= head.places && isNothing(bytes, place)) return 'unmade';
  return line === null ? null : parseVisitLine(line);
}

/** Whole visits, wherever they are, and what is between them. */
function salvage(bytes: Buffer, head: Head | null, wrong: string): VisitsFound {
  const visits = new Map<number, PlacedVisit>();
  const unreadable: Unreadable[] = [];
  let near = 0;
  const end = bytes.lastIndexOf(LINE_END) + 1;
  for (const text of piecesOf(bytes.toString('latin1', 0, end))) {
    const kept = parseVisitLine(text);
    if (kept !== null && !visits.has(kept.visit.number)) {
      near = kept.visit.number;
      visits.set(near, { ...kept, place: visits.size + 1 });
    } else if (parseHeadLine(text) === null) {
      unreadable.push({ near: numberIn(text) ?? near, text: withoutKey(text) });
    }
  }
  const torn = !NOTHING.test(bytes.toString('latin1', end));
  const lost = lostPlaces(bytes, head?.places ?? Math.floor(bytes.length / PLACE_BYTES));
  // An empty file was never written.
  const nothing = head === null && unreadable.length + lost === 0 && !torn;
  return {
    visits: [...visits.values()].sort(byNumber),
    head,
    unmade: [],
    wrong,
    unreadable,
    lost: nothing ? 1 : lost,
    torn,
  };
}

/** Splits text into lines, and lines that lost their end or got rubbish into them further: whole visits, and the rest. */
export function piecesOf(text: string): readonly string[] {
  return text
    .split(/\n|\0+|(?=\{"number":)|(?<=\})(?![,}\]])/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

/**
 * A line that cannot be read, without the key of a photo, which is of no use without its visit: what is set aside is removed
 * in the end, not overwritten in its place. Nothing else in a visit has so many such characters in a row, and of a key
 * that rubbish has cut in two, one half has.
 */
function withoutKey(text: string): string {
  return text.replaceAll(/[\w-]{16,}/g, '');
}

/** The number that a line seems to have, readable or not; null: none. */
export function numberIn(text: string): number | null {
  const digits = /"number":(\d{1,15})/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Places of the file as it was that are zeros now, or cut off. */
function lostPlaces(bytes: Buffer, places: number): number {
  return Array.from({ length: places }, (_, place) => place).filter((place) => {
    const there = bytes.subarray(place * PLACE_BYTES, (place + 1) * PLACE_BYTES);
    return there.every((byte) => byte === 0);
  }).length;
}

function isNothing(bytes: Buffer, place: number): boolean {
  return NOTHING.test(bytes.toString('latin1', place * PLACE_BYTES, (place + 1) * PLACE_BYTES));
}

/** A place's line without the spaces after it; null when anything else follows. No line of ours has a space in it. */
function lineAt(bytes: Buffer, place: number): string | null {
  const start = place * PLACE_BYTES;
  if (start + PLACE_BYTES > bytes.length) return null;
  const space = bytes.indexOf(SPACE, start);
  const end = space < 0 ? bytes.length : space;
  const rest = start + PLACE_BYTES - end;
  if (rest < 1 || bytes.compare(BLANK, PLACE_BYTES - rest, PLACE_BYTES, end, start + PLACE_BYTES) !== 0)
    return null;
  return bytes.toString('latin1', start, end);
}

function byNumber(one: PlacedVisit, other: PlacedVisit): number {
  return one.visit.number - other.visit.number;
}
