import type { StoredVisit } from '../../records/stored-visit.ts';
import { oldPhotoFiles, readOldRecords } from './old-records.ts';
import { nextNumberOf } from './recover.ts';
import { asStoreError } from './store-error.ts';
import { readVisitsFile } from './visits-file.ts';

/**
 * The visits of a folder of records, oldest first, as they are at this moment: without the lock, so also while a gate
 * writes and deletes. Changes nothing; lines that cannot be read are left out. Empty where there are no records.
 * @throws StoreError `read-only` or `io`
 */
export async function readVisits(directory: string): Promise<readonly StoredVisit[]> {
  try {
    const found = await readVisitsFile(directory);
    // Of a version before, until a gate has run here.
    if (found === null) return (await readOldRecords(directory)).visits;
    return found.visits.map(({ visit }) => visit);
  } catch (error) {
    throw asStoreError(error, `reading ${directory}`);
  }
}

/** The number that the next visit of a folder gets. Rejects with the file system's error. */
export async function readNextNumber(directory: string): Promise<number> {
  const found = await readVisitsFile(directory);
  return found === null ? (await readOldRecords(directory)).nextNumber : nextNumberOf(found);
}

/**
 * How many visits of a folder have a photo, without its lock.
 * @throws StoreError `read-only` or `io`
 */
export async function countPhotos(directory: string): Promise<number> {
  try {
    const found = await readVisitsFile(directory);
    if (found !== null) return found.visits.filter(({ photo }) => photo !== null).length;
    return (await oldPhotoFiles(directory)).filter((name) => name.endsWith('.photo')).length;
  } catch (error) {
    throw asStoreError(error, `reading the photos of ${directory}`);
  }
}
