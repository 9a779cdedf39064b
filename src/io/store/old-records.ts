import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseStoredVisit, type StoredVisit } from '../../records/stored-visit.ts';
import { decryptPhoto, PHOTO_KEY_BYTES } from './photo-cipher.ts';
import { errnoOf } from './store-error.ts';
import { numberIn, piecesOf, type Unreadable } from './visits-file.ts';

/**
 * Records as versions before 0.2 kept them: visits as JSON lines in files of up to 250, named after the first one's
 * number, an erased line blank; of each photo a file of its own, and one file of their keys, 64 bytes each.
 */
export type OldRecords = Readonly<{
  /** By rising number. */
  visits: readonly StoredVisit[];
  nextNumber: number;
  unreadable: readonly Unreadable[];
  /** Lines without their end, which never counted as stored. */
  torn: number;
}>;

/** Folder of photos of before. */
export const PHOTOS = 'photos';
const KEYS = 'keys';
const PHOTO = /^(keys|\d{9,}\.photo(\.tmp)?)$/;
const VISITS = /^visits-\d+\.ndjson(\.bad)?(\.tmp)?$/;
const READ = /^visits-(\d+)\.ndjson(\.bad)?$/;
const SLOT_BYTES = 64;
const KEY_FROM = 8;
const KEY_END = KEY_FROM + PHOTO_KEY_BYTES;
const CHECK_BYTES = 16;

/** Files of visits of before, the oldest first; empty where there are none. */
export async function oldVisitFiles(directory: string): Promise<readonly string[]> {
  const names = (await namesIn(directory)).filter((name) => VISITS.test(name));
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Files of photos of before and of their keys; empty where there are none. */
export async function oldPhotoFiles(directory: string): Promise<readonly string[]> {
  const names = await namesIn(path.join(directory, PHOTOS));
  return names.filter((name) => PHOTO.test(name)).map((name) => path.join(PHOTOS, name));
}

/** Reads records of before, changing nothing. Rejects with the file system's error. */
export async function readOldRecords(directory: string): Promise<OldRecords> {
  const found: Reading = { visits: [], nextNumber: 1, unreadable: [], torn: 0 };
  for (const name of await oldVisitFiles(directory)) {
    const [, digits, aside] = READ.exec(name) ?? [];
    if (digits === undefined) continue;
    const text = await readFile(path.join(directory, name), 'latin1');
    if (aside === undefined) takeVisits(found, Number(digits), text);
    else found.unreadable.push(...piecesOf(text).map((piece) => unreadable(piece, Number(digits))));
  }
  return found;
}

type Reading = { visits: StoredVisit[]; nextNumber: number; unreadable: Unreadable[]; torn: number };

function takeVisits(found: Reading, firstNumber: number, text: string): void {
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) found.torn++;
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  let last = found.visits.at(-1)?.number ?? 0;
  for (const piece of lines.filter((line) => !isErased(line)).flatMap(piecesOf)) {
    const visit = parseStoredVisit(piece);
    if (visit === null || visit.number <= last) {
      found.unreadable.push(unreadable(piece, Math.max(last, firstNumber)));
    } else {
      found.visits.push(visit);
      last = visit.number;
    }
  }
  found.nextNumber = Math.max(found.nextNumber, firstNumber + lines.length, last + 1);
}

function unreadable(text: string, near: number): Unreadable {
  return { near: numberIn(text) ?? near, text };
}

/** The keys of photos as they were kept before. Rejects with the file system's error. */
export async function readOldKeys(directory: string): Promise<ReadonlyMap<number, Uint8Array>> {
  const bytes = (await bytesOf(path.join(directory, PHOTOS, KEYS))) ?? Buffer.of();
  const keys = new Map<number, Uint8Array>();
  for (let at = 0; at + SLOT_BYTES <= bytes.length; at += SLOT_BYTES) {
    const slot = bytes.subarray(at, at + SLOT_BYTES);
    const check = createHash('sha256').update(slot.subarray(0, KEY_END)).digest().subarray(0, CHECK_BYTES);
    if (slot.subarray(KEY_END, KEY_END + CHECK_BYTES).equals(check))
      keys.set(Number(slot.readBigUInt64BE()), slot.subarray(KEY_FROM, KEY_END));
  }
  return keys;
}

/** The sealed photo of a visit as it was kept before; null when there is none that can be opened. */
export async function readOldPhoto(
  directory: string,
  visitNumber: number,
  keys: ReadonlyMap<number, Uint8Array>,
): Promise<Uint8Array | null> {
  const key = keys.get(visitNumber);
  if (key === undefined) return null;
  const name = `${String(visitNumber).padStart(9, '0')}.photo`;
  const photo = await bytesOf(path.join(directory, PHOTOS, name));
  return photo === null ? null : decryptPhoto(visitNumber, photo, key);
}

/** Of a line on two pages, a power cut may have left one unerased: then only one of its ends is blank. */
function isErased(line: string): boolean {
  return line.trim() === '' || (parseStoredVisit(line) === null && line.trim() !== line);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return [];
    throw error;
  });
}

async function bytesOf(file: string): Promise<Buffer | null> {
  return readFile(file).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
    throw error;
  });
}
