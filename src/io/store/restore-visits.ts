import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { StoredVisit } from '../../records/stored-visit.ts';
import { PRIVATE_FOLDER } from './durable-file.ts';
import { acquireLock, STORE_LOCK } from './lock.ts';
import { oldVisitFiles } from './old-records.ts';
import { asStoreError, StoreError } from './store-error.ts';
import { readVisitsFile, writeVisitsFile } from './visits-file.ts';

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
      const there = await readVisitsFile(directory);
      if (there !== null || (await oldVisitFiles(directory)).length > 0) {
        throw new StoreError(
          'io',
          `${directory}: holds visits already; records are restored into an empty folder`,
        );
      }
      if (visits.length === 0) return;
      const kept = visits.map((visit) => ({ visit, photo: null, alert: null }));
      await writeVisitsFile(directory, kept, 1, 0);
    } finally {
      await unlock();
    }
  } catch (error) {
    throw asStoreError(error, `restoring into ${directory}`);
  }
}
