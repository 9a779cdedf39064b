import { open } from 'node:fs/promises';
import type { KeptPhoto } from '../../records/visit-place.ts';
import { readOldKeys, readOldPhoto } from './old-records.ts';
import { photoInBlocks, photosFile } from './photo-blocks.ts';
import { asStoreError, errnoOf, StoreError } from './store-error.ts';
import { readVisitsFile } from './visits-file.ts';

/**
 * The photo of a visit as an age file, sealed to the operator's keys: this device cannot open it. Works while a gate
 * runs.
 * @returns null when that visit has no photo, or none any more
 * @throws StoreError `malformed` when it is not what was written, `read-only` or `io`
 */
export async function readPhoto(directory: string, visitNumber: number): Promise<Uint8Array | null> {
  const file = photosFile(directory);
  try {
    const photo = await keptPhoto(directory, visitNumber);
    // Of a version before, until a gate has run here.
    if (photo === null) return await readOldPhoto(directory, visitNumber, await readOldKeys(directory));
    const sealed = await openedPhoto(file, visitNumber, photo);
    if (sealed !== null) return sealed;
    // It may have been deleted and another one written there meanwhile.
    const still = await keptPhoto(directory, visitNumber);
    if (still === null || !Buffer.from(still.key).equals(photo.key)) return null;
    throw new StoreError(
      'malformed',
      `${file}: the photo of visit ${visitNumber} is not what was written; it cannot be opened any more`,
    );
  } catch (error) {
    throw asStoreError(error, `reading ${file}`);
  }
}

async function keptPhoto(directory: string, visitNumber: number): Promise<KeptPhoto | null> {
  const found = await readVisitsFile(directory);
  return found?.visits.find(({ visit }) => visit.number === visitNumber)?.photo ?? null;
}

async function openedPhoto(file: string, visitNumber: number, photo: KeptPhoto): Promise<Uint8Array | null> {
  const handle = await open(file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    return await photoInBlocks(handle, visitNumber, photo);
  } finally {
    await handle.close();
  }
}
