import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseStoredVisit, type StoredVisit } from '../../records/stored-visit.ts';
import { removeFile, replaceFile, UNFINISHED } from './durable-file.ts';

/** One file of consecutive visits, one JSON line each; named after the number of its first. */
export type Segment = Readonly<{ file: string; firstNumber: number }>;

/** What was found in a segment. */
export type SegmentText = Readonly<{
  segment: Segment;
  /** Whole lines, in order, without the erased ones. */
  lines: readonly SegmentLine[];
  /** Lines erased because newer visits filled the cap. */
  erased: number;
  /** Bytes of the whole lines. */
  size: number;
  /** True when a line without its end, so never acknowledged, follows. */
  torn: boolean;
}>;

/** A line, and its visit unless it cannot be read. */
export type SegmentLine = Readonly<{ text: string; visit: StoredVisit | null }>;

/** What an erased line is overwritten with. */
export const BLANK = ' ';
const NAME = /^visits-(\d+)\.ndjson$/;
/** Lines that cannot be read are set aside beside their segment, and are deleted when visits of their age are. */
export const SET_ASIDE = '.bad';

export function segmentFor(folder: string, firstNumber: number): Segment {
  return { file: path.join(folder, `visits-${String(firstNumber).padStart(9, '0')}.ndjson`), firstNumber };
}

/** The segments of a folder, oldest first. Removes what an interrupted rewrite has left. */
export async function listSegments(folder: string): Promise<Segment[]> {
  for (const name of await readdir(folder))
    if (name.startsWith('visits-') && name.endsWith(UNFINISHED)) await removeFile(path.join(folder, name));
  return findSegments(folder);
}

/** The segments of a folder, oldest first; changes nothing. */
export async function findSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of await readdir(folder)) {
    const digits = NAME.exec(name)?.[1];
    if (digits !== undefined) segments.push({ file: path.join(folder, name), firstNumber: Number(digits) });
  }
  return segments.sort((a, b) => a.firstNumber - b.firstNumber);
}

/** Reads a segment; a visit whose number is not above `afterNumber` and rising does not count as readable. */
export async function readSegment(segment: Segment, afterNumber: number): Promise<SegmentText> {
  const text = await readFile(segment.file, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  let last = afterNumber;
  const lines: SegmentLine[] = [];
  let erased = 0;
  const all = text.slice(0, end).split('\n').slice(0, -1);
  for (const line of all) {
    if (parseStoredVisit(line) === null && isErased(line)) {
      erased++;
      continue;
    }
    for (const piece of readablePieces(line)) {
      const rising = piece.visit !== null && piece.visit.number > last;
      if (rising) last = piece.visit.number;
      lines.push({ text: piece.text, visit: rising ? piece.visit : null });
    }
  }
  return {
    segment,
    lines,
    erased,
    size: Buffer.byteLength(text.slice(0, end)),
    torn: end < text.length,
  };
}

/** A line, or what can be read in one that lost its end or got rubbish into it: whole visits, and the rest. */
function readablePieces(line: string): SegmentLine[] {
  const visit = parseStoredVisit(line);
  if (visit !== null) return [{ text: line, visit }];
  const pieces = line
    .split(/(?=\{"number":)|(?<=\})(?![,}])/)
    .filter((text) => text !== '')
    .map((text) => ({ text, visit: parseStoredVisit(text) }));
  return pieces.some((piece) => piece.visit !== null) ? pieces : [{ text: line, visit: null }];
}

/** Of a line on two pages, a power cut may leave one unerased: then only one of its ends is blank. */
function isErased(line: string): boolean {
  return line.startsWith(BLANK) || line.endsWith(BLANK);
}

/** Rewrites a segment with its readable lines alone. */
export async function rewriteSegment(segment: Segment, lines: readonly SegmentLine[]): Promise<void> {
  const good = lines.filter((line) => line.visit !== null);
  await replaceFile(segment.file, good.map((line) => `${line.text}\n`).join(''));
}

/**
 * Rewrites a segment with some of its visits changed; lines erased or unreadable are left out or as they are.
 * @returns its size, bytes
 */
export async function replaceLines(
  segment: Segment,
  changed: ReadonlyMap<number, StoredVisit>,
): Promise<number> {
  const { lines } = await readSegment(segment, 0);
  const text = lines
    .map((line) => {
      const visit = line.visit === null ? undefined : changed.get(line.visit.number);
      return `${visit === undefined ? line.text : JSON.stringify(visit)}\n`;
    })
    .join('');
  await replaceFile(segment.file, text);
  return Buffer.byteLength(text);
}

/** Keeps unreadable lines of a segment in a file beside it. */
export async function setAside(segment: Segment, lines: readonly SegmentLine[]): Promise<void> {
  const file = `${segment.file}${SET_ASIDE}`;
  const before = await readFile(file, 'utf8').catch(() => '');
  // After a crash between setting aside and rewriting, the same lines come again.
  const known = new Set(before.split('\n'));
  const fresh = lines.filter((line) => line.visit === null && !known.has(line.text));
  await replaceFile(file, before + fresh.map((line) => `${line.text}\n`).join(''));
}

/**
 * Deletes set-aside lines that are older than the oldest visit kept.
 * @param oldest its segment; null: there is none, all are deleted
 */
export async function deleteSetAsideBefore(folder: string, oldest: Segment | null): Promise<void> {
  for (const { file, firstNumber } of await setAsideFiles(folder)) {
    if (oldest === null || firstNumber < oldest.firstNumber) await removeFile(file);
  }
}

/** Deletes set-aside lines that may be of these visits, as far as they can still be read. */
export async function eraseSetAside(folder: string, numbers: ReadonlySet<number>): Promise<void> {
  for (const { file } of await setAsideFiles(folder)) {
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    const kept = lines.filter((line) => !numbers.has(Number(/"number":(\d+)/.exec(line)?.[1])));
    if (kept.length < lines.length) await replaceFile(file, kept.map((line) => `${line}\n`).join(''));
  }
}

async function setAsideFiles(folder: string): Promise<Segment[]> {
  const files: Segment[] = [];
  for (const name of await readdir(folder)) {
    const digits = name.endsWith(SET_ASIDE) ? NAME.exec(name.slice(0, -SET_ASIDE.length))?.[1] : undefined;
    if (digits !== undefined) files.push({ file: path.join(folder, name), firstNumber: Number(digits) });
  }
  return files;
}
