import { z } from 'zod';
import { type AuditEntry, GENESIS, parseEntry } from './audit-entry.ts';

const auditHeadSchema = z.strictObject({
  entries: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** How far the trail had come when it was last written: its entries and the hash of the last. Kept beside it. */
export type AuditHead = Readonly<z.output<typeof auditHeadSchema>>;

/** The head of a trail without entries. */
export const NO_ENTRIES: AuditHead = { entries: 0, hash: GENESIS };

/**
 * Where a trail stops being what was written.
 * - `unreadable` not an entry as it is written
 * - `hash` the entry was changed
 * - `chain` it does not follow from the entry before, which was changed, removed or put in
 * - `order` its number does not follow
 * - `end` entries are missing at the end
 * - `head` nothing says how far it must go, or it is not what was written
 */
export type BrokenLink = Readonly<{
  /** In the file, from 1. */
  line: number;
  /** What the entry calls itself; null when it cannot be read. */
  seq: number | null;
  wrong: 'unreadable' | 'hash' | 'chain' | 'order' | 'end' | 'head';
}>;

/** What a trail's lines were found to be. */
export type ReadChain = Readonly<{
  /** Every entry that can be read and has its own hash, also after a broken link. */
  entries: readonly AuditEntry[];
  /** The first; null when the trail is whole. */
  broken: BrokenLink | null;
}>;

/**
 * Reads a trail's whole lines and follows its chain.
 * @param head how far it must go at least; null when that is not known
 */
export function readChain(lines: readonly string[], head: AuditHead | null): ReadChain {
  const entries: AuditEntry[] = [];
  let broken: BrokenLink | null = null;
  let seq = 0;
  let prev = GENESIS;
  lines.forEach((line, index) => {
    const read = parseEntry(line);
    const said = read.ok ? read.entry.seq : read.seq;
    const wrong = read.ok ? wrongPlace(read.entry, seq, prev) : read.wrong;
    if (wrong !== null) broken ??= { line: index + 1, seq: said, wrong };
    seq++;
    if (!read.ok) return;
    entries.push(read.entry);
    seq = read.entry.seq;
    prev = read.entry.hash;
  });
  broken ??= brokenEnd(entries, head);
  return { entries, broken };
}

/** The head as its text. */
export function headText({ entries, hash }: AuditHead): string {
  return `${JSON.stringify({ entries, hash })}\n`;
}

/** Reads the head's text; null when it is not the very text that was written. */
export function parseHead(text: string): AuditHead | null {
  try {
    const result = auditHeadSchema.safeParse(JSON.parse(text));
    return result.success && headText(result.data) === text ? result.data : null;
  } catch {
    return null;
  }
}

/** How far a trail has come, by its last readable entry. */
export function headOf(entries: readonly AuditEntry[]): AuditHead {
  const last = entries.at(-1);
  return last === undefined ? NO_ENTRIES : { entries: last.seq, hash: last.hash };
}

function wrongPlace(entry: AuditEntry, seq: number, prev: string): BrokenLink['wrong'] | null {
  if (entry.seq !== seq + 1) return 'order';
  return entry.prev === prev ? null : 'chain';
}

/** Of a trail that is whole in itself. The head may be an entry behind, after a crash between the two; never ahead. */
function brokenEnd(entries: readonly AuditEntry[], head: AuditHead | null): BrokenLink | null {
  const { length } = entries;
  if (head === null) return length > 1 ? { line: length, seq: length, wrong: 'head' } : null;
  if (head.entries > length) return { line: length + 1, seq: length + 1, wrong: 'end' };
  const { hash } = headOf(entries.slice(0, head.entries));
  const fits = hash === head.hash && head.entries >= length - 1;
  return fits ? null : { line: head.entries, seq: head.entries, wrong: 'head' };
}
