import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Visit } from '../../src/domain/visit.ts';
import { encryptPhoto } from '../../src/io/store/photo-cipher.ts';
import { toStoredVisit } from '../../src/records/stored-visit.ts';

const SEGMENT_VISITS = 10;

/** A visit's line as the version before wrote it. */
export function lineOfBefore(visit: Visit): string {
  return `${JSON.stringify(toStoredVisit(visit, 'Asia/Seoul'))}\n`;
}

/** The file of the visits from this number on, as the version before named it. */
export function segmentOfBefore(folder: string, first: number): string {
  return path.join(folder, `visits-${String(first).padStart(9, '0')}.ndjson`);
}

/**
 * Leaves a folder of records as the version before did.
 * @param visits numbered from 1 on, without a gap
 * @param erased numbers of those whose lines were blanked
 * @param photoOf the sealed photo of a visit; null: it has none
 * @returns the photos' own keys
 */
export async function recordsOfBefore(
  folder: string,
  visits: readonly Visit[],
  erased: readonly number[],
  photoOf: (number: number) => Uint8Array | null,
): Promise<readonly Buffer[]> {
  for (let from = 0; from < visits.length; from += SEGMENT_VISITS) {
    const lines = visits.slice(from, from + SEGMENT_VISITS).map((visit) => {
      const line = lineOfBefore(visit);
      return erased.includes(visit.number) ? `${' '.repeat(line.length - 1)}\n` : line;
    });
    await writeFile(segmentOfBefore(folder, from + 1), lines.join(''), { mode: 0o600 });
  }
  await mkdir(path.join(folder, 'photos'), { mode: 0o700 });
  const keys: Buffer[] = [];
  const slots: Buffer[] = [];
  for (const { number } of visits.filter((visit) => !erased.includes(visit.number))) {
    const key = randomBytes(32);
    keys.push(key);
    // Keys were made ahead, also for visits without a photo.
    slots.push(slotOf(number, key));
    const sealed = photoOf(number);
    const name = `${String(number).padStart(9, '0')}.photo`;
    if (sealed !== null)
      await writeFile(path.join(folder, 'photos', name), encryptPhoto(number, sealed, key), { mode: 0o600 });
  }
  for (const number of erased) slots.push(slotOf(number, Buffer.alloc(32)));
  await writeFile(path.join(folder, 'photos', 'keys'), Buffer.concat(slots), { mode: 0o600 });
  return keys;
}

/** Number, key, the first half of their SHA-256, zeros. */
function slotOf(number: number, key: Uint8Array): Buffer {
  const slot = Buffer.alloc(64);
  slot.writeBigUInt64BE(BigInt(number));
  slot.set(key, 8);
  slot.set(createHash('sha256').update(slot.subarray(0, 40)).digest().subarray(0, 16), 40);
  return slot;
}
