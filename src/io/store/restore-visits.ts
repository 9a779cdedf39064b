import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { StoredVisit } from '../../records/stored-visit.ts';
import { PRIVATE_FOLDER, replaceFile } from './durable-file.ts';
import { acquireLock, STORE_LOCK } from './lock.ts';
import { findSegments, segmentFor } from './segment.ts';
import { asStoreError, StoreError } from './store-error.ts';

/** As many as a gate puts into one segment at most. */
const SEGMENT_VISITS = 250;

/**
 * Writes visits into a folder that holds none.
 * @param visits by rising number
 * @throws StoreError `locked` while a gate runs; `io` where there are visits already; `full`, `read-only`
 */
export async function restoreVisits(directory: string, visits: readonly StoredVisit[]): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    const unlock = await acquireLock(path.join(directory, STORE_LOCK));
    try {
      if ((await findSegments(directory)).length > 0) {
        throw new StoreError(
          'io',
          `${directory}: holds visits already; records are restored into an empty folder`,
        );
      }
      for (let from = 0; from < visits.length; from += SEGMENT_VISITS) {
        const part = visits.slice(from, from + SEGMENT_VISITS);
        const { file } = segmentFor(directory, part[0]?.number ?? 1);
        await replaceFile(file, part.map((visit) => `${JSON.stringify(visit)}\n`).join(''));
      }
    } finally {
      await unlock();
    }
  } catch (error) {
    throw asStoreError(error, `restoring into ${directory}`);
  }
}
