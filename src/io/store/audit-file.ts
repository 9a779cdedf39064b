import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEvent } from '../../domain/audit-event.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type AuditHead,
  type BrokenLink,
  headOf,
  headText,
  NO_ENTRIES,
  parseHead,
  readChain,
} from '../../records/audit-chain.ts';
import { type AuditEntry, lineOf, parseEntry, sealEntry } from '../../records/audit-entry.ts';
import { isoSeconds } from '../../records/stored-visit.ts';
import { openAppendFile } from './append-file.ts';
import { PRIVATE_FOLDER, replaceFile, syncFolder } from './durable-file.ts';
import { acquireLock } from './lock.ts';
import { asStoreError, errnoOf, StoreError } from './store-error.ts';

const FILE = 'audit.ndjson';
/** How far the trail had come at the last entry: what is cut off its end is missed by it. */
const HEAD_FILE = 'audit-head.json';
const LOCK = 'audit.lock';
/** An entry takes milliseconds; a lock held for longer is told. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 10;
const TAIL_BYTES = 65_536;
const LINE_END = 0x0a;

/** The audit trail as it is on disk. */
export type Audit = Readonly<{
  /** Every entry that can be read and has its own hash, also after a broken link. */
  entries: readonly AuditEntry[];
  /** The first broken link; null when the trail is whole. */
  broken: BrokenLink | null;
  /** How far the trail has come: what to write down elsewhere, so that nobody can cut or rewrite it unnoticed. */
  head: AuditHead;
}>;

/**
 * The audit trail of a folder of records, which is made at the first entry if need be. Every entry takes a short lock,
 * so any number of processes may add.
 * @param wallTime the time of entries; by default the machine's, which nobody vouches for
 */
export async function openAuditTrail(
  directory: string,
  wallTime: Clock['wallTime'] = () => ({ unixMs: Date.now(), trusted: false }),
): Promise<AuditTrail> {
  let work: Promise<void> = Promise.resolve();
  return {
    append(event) {
      const done = work.then(async () => {
        try {
          await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
          await locked(path.join(directory, LOCK), () => appendNow(directory, event, wallTime()));
        } catch (error) {
          throw asStoreError(error, `audit trail of ${directory}`);
        }
      });
      work = done.catch(() => undefined);
      return done;
    },
  };
}

/**
 * Reads the audit trail of a folder of records, also while others add to it; empty where there is none.
 * @throws StoreError `read-only` or `io`
 */
export async function readAudit(directory: string): Promise<Audit> {
  try {
    // The head first: the trail goes at least so far.
    const head = await readHead(directory);
    const { lines } = wholeLines(await bytesOf(path.join(directory, FILE)));
    const { entries, broken } = readChain(lines, lines.length === 0 && head === null ? NO_ENTRIES : head);
    return { entries, broken, head: headOf(entries) };
  } catch (error) {
    throw asStoreError(error, `reading the audit trail of ${directory}`);
  }
}

async function appendNow(
  directory: string,
  event: AuditEvent,
  { unixMs, trusted }: ReturnType<Clock['wallTime']>,
): Promise<void> {
  const file = path.join(directory, FILE);
  const { size, last } = await readTail(file);
  const kept = await readHead(directory);
  // A trail that was cut goes on from where it had been, so that the gap stays to be seen.
  const { entries, hash } = kept !== null && kept.entries > last.entries ? kept : last;
  const place = { seq: entries + 1, time: isoSeconds(unixMs), time_trusted: trusted, prev: hash };
  const entry = sealEntry(place, event);
  const appending = await openAppendFile(file, size);
  try {
    await appending.append(`${lineOf(entry)}\n`);
  } finally {
    await appending.close();
  }
  if (size === 0) await syncFolder(directory);
  await replaceFile(path.join(directory, HEAD_FILE), headText({ entries: entry.seq, hash: entry.hash }));
}

type Tail = Readonly<{
  /** Bytes of the whole lines. */
  size: number;
  /** The last readable entry, an unreadable line after it counted. */
  last: AuditHead;
}>;

/** Reads back from the end until an entry can be read. */
async function readTail(file: string): Promise<Tail> {
  let length = TAIL_BYTES;
  for (;;) {
    const { bytes, from } = await lastBytes(file, length);
    const { lines, rest } = wholeLines(bytes);
    const size = from + bytes.length - rest;
    for (let after = 0; after < lines.length; after++) {
      // The very first line may have lost its beginning; it then does not read.
      const read = parseEntry(lines[lines.length - 1 - after] ?? '');
      if (read.ok) return { size, last: { entries: read.entry.seq + after, hash: read.entry.hash } };
    }
    if (from === 0) return { size, last: { ...NO_ENTRIES, entries: lines.length } };
    length *= 4;
  }
}

async function lastBytes(file: string, length: number): Promise<Readonly<{ bytes: Buffer; from: number }>> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return { bytes: Buffer.alloc(0), from: 0 };
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - length);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return { bytes: buffer.subarray(0, bytesRead), from };
  } finally {
    await handle.close();
  }
}

/** The lines that have their end, and the bytes after the last of them. A line that is not UTF-8 reads as none. */
function wholeLines(bytes: Buffer): Readonly<{ lines: readonly string[]; rest: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
    try {
      lines.push(decoder.decode(bytes.subarray(start, end)));
    } catch {
      lines.push('');
    }
    start = end + 1;
  }
  return { lines, rest: bytes.length - start };
}

async function readHead(directory: string): Promise<AuditHead | null> {
  const bytes = await bytesOf(path.join(directory, HEAD_FILE));
  return parseHead(bytes.toString('utf8'));
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
}

/** Does something under a lock, which it waits for. */
async function locked(file: string, work: () => Promise<void>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let unlock: (() => Promise<void>) | null = null;
  while (unlock === null) {
    unlock = await acquireLock(file).catch(async (error: unknown) => {
      const busy = error instanceof StoreError && error.code === 'locked';
      if (!busy || performance.now() > giveUpAt) throw error;
      await sleep(RETRY_MS * (0.5 + Math.random()));
      return null;
    });
  }
  try {
    await work();
  } finally {
    await unlock();
  }
}
