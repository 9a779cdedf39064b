import type { StoredVisit } from '../../records/stored-visit.ts';
import { removeFile, syncFolder } from './durable-file.ts';
import {
  deleteSetAsideBefore,
  findSegments,
  listSegments,
  readSegment,
  rewriteSegment,
  type Segment,
  type SegmentLine,
  type SegmentText,
  segmentFor,
  setAside,
} from './segment.ts';

/** What opening a store found and put right. */
export type Recovered = Readonly<{
  visits: StoredVisit[];
  segments: RecoveredSegment[];
  /** Above every number ever stored here. */
  nextNumber: number;
  /** Lines cut off because their writing was interrupted; their visits never counted as stored. */
  tornLines: number;
  /** Lines that could not be read, now set aside in a `.bad` file. */
  badLines: number;
  /** Visits deleted as beyond the cap. */
  beyondCap: number;
}>;

export type RecoveredSegment = Readonly<{
  segment: Segment;
  visits: number;
  lastNumber: number;
  size: number;
}>;

/**
 * Reads a store's folder and leaves it in order: no torn, erased or unreadable line in a segment, and no visit beyond
 * the cap.
 * An unreadable line takes up a place under the cap, so that no visit already deleted comes back for it.
 * @param linesPerSegment bounds how many places unreadable lines of one segment may take up
 */
export async function recoverStore(
  folder: string,
  capVisits: number,
  linesPerSegment: number,
): Promise<Recovered> {
  const texts: SegmentText[] = [];
  let nextNumber = 1;
  for (const segment of await listSegments(folder)) {
    const text = await readSegment(segment, nextNumber - 1);
    texts.push(text);
    nextNumber = Math.max(nextNumber, segment.firstNumber, ...numbersAfter(text));
  }
  let excess = texts.reduce((sum, text) => sum + placesOf(text, linesPerSegment), -capVisits);
  const visits: StoredVisit[] = [];
  const segments: RecoveredSegment[] = [];
  let badLines = 0;
  let beyondCap = 0;
  for (const text of texts) {
    const places = placesOf(text, linesPerSegment);
    const kept = excess >= places ? [] : text.lines.slice(Math.max(0, excess));
    beyondCap += goodOf(text.lines) - goodOf(kept);
    badLines += kept.filter((line) => line.visit === null).length;
    excess = Math.max(0, excess - places);
    const recovered = await putInOrder(text, kept);
    if (recovered === null) continue;
    for (const { visit } of kept) if (visit !== null) visits.push(visit);
    segments.push(recovered);
  }
  if ((segments.at(-1)?.lastNumber ?? 0) + 1 < nextNumber) {
    // No readable line remembers the number, so an empty segment's name does.
    const segment = segmentFor(folder, nextNumber);
    await rewriteSegment(segment, []);
    segments.push({ segment, visits: 0, lastNumber: nextNumber - 1, size: 0 });
  }
  const oldest = segments[0]?.segment;
  if (oldest !== undefined) await deleteSetAsideBefore(folder, oldest);
  if (segments.length < texts.length) await syncFolder(folder);
  return {
    visits,
    segments,
    nextNumber,
    tornLines: texts.filter((text) => text.torn).length,
    badLines,
    beyondCap,
  };
}

/** The number that the next visit of a store gets, found without changing anything. */
export async function readNextNumber(folder: string): Promise<number> {
  let nextNumber = 1;
  for (const segment of await findSegments(folder)) {
    const text = await readSegment(segment, nextNumber - 1);
    nextNumber = Math.max(nextNumber, segment.firstNumber, ...numbersAfter(text));
  }
  return nextNumber;
}

/** Numbers that the next visit after this segment may have at least. */
function numbersAfter({ segment, lines, erased }: SegmentText): number[] {
  const last = lines.findLast((line) => line.visit !== null)?.visit;
  return [segment.firstNumber + erased + lines.length, ...(last ? [last.number + 1] : [])];
}

function placesOf({ lines }: SegmentText, linesPerSegment: number): number {
  const good = goodOf(lines);
  return good + Math.min(lines.length - good, Math.max(0, linesPerSegment - good));
}

function goodOf(lines: readonly SegmentLine[]): number {
  return lines.filter((line) => line.visit !== null).length;
}

/** Deletes the segment when nothing of it is kept, rewrites it when only a part is. */
async function putInOrder(
  { segment, lines, erased, size, torn }: SegmentText,
  kept: readonly SegmentLine[],
): Promise<RecoveredSegment | null> {
  const good = kept.filter((line) => line.visit !== null);
  if (good.length < kept.length) await setAside(segment, kept);
  const last = good.at(-1)?.visit;
  if (!last) {
    await removeFile(segment.file);
    return null;
  }
  if (torn || erased > 0 || good.length < lines.length) {
    await rewriteSegment(segment, good);
    return { segment, visits: good.length, lastNumber: last.number, size: byteLength(good) };
  }
  return { segment, visits: good.length, lastNumber: last.number, size };
}

function byteLength(lines: readonly SegmentLine[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line.text) + 1, 0);
}
