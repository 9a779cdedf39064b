import { randomBytes } from 'node:crypto';
import { open, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { StoredVisit } from '../../records/stored-visit.ts';
import type { KeptPhoto } from '../../records/visit-place.ts';
import { destroyFile } from './destroy-file.ts';
import { exists, PRIVATE_FILE, removeFile, syncFolder, UNFINISHED } from './durable-file.ts';
import {
  oldPhotoFiles,
  oldVisitFiles,
  PHOTOS,
  readOldKeys,
  readOldPhoto,
  readOldRecords,
} from './old-records.ts';
import { blocksFor, inBlocks, photosFile } from './photo-blocks.ts';
import { encryptPhoto, PHOTO_KEY_BYTES } from './photo-cipher.ts';
import type { SetAside } from './set-aside.ts';
import { errnoOf } from './store-error.ts';
import { visitsFile, writeVisitsFile } from './visits-file.ts';

/** What was found wrong in records of before. */
type TakenOver = Readonly<{ tornLines: number; badLines: number }>;

/**
 * Writes records of a version before as this one keeps them, where there are any, and removes the old files. Wherever it
 * is interrupted: the old files go once the new one is there under its name, with everything in it.
 */
export async function takeOver(directory: string, setAside: SetAside): Promise<TakenOver> {
  const visitFiles = await oldVisitFiles(directory);
  const photoFiles = await oldPhotoFiles(directory);
  if (visitFiles.length + photoFiles.length === 0) return { tornLines: 0, badLines: 0 };
  const taken = (await exists(visitsFile(directory)))
    ? { tornLines: 0, badLines: 0 }
    : await rewritten(directory, setAside);
  for (const name of photoFiles) await destroyFile(path.join(directory, name));
  await rmdir(path.join(directory, PHOTOS)).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTEMPTY', 'ENOTDIR'].includes(errnoOf(error))) throw error;
  });
  for (const name of visitFiles) await removeFile(path.join(directory, name));
  await syncFolder(directory);
  return taken;
}

async function rewritten(directory: string, setAside: SetAside): Promise<TakenOver> {
  const { visits, nextNumber, unreadable, torn } = await readOldRecords(directory);
  await setAside.add(unreadable);
  const photos = await rewrittenPhotos(directory, visits);
  const kept = visits.map((visit) => ({ visit, photo: photos.get(visit.number) ?? null, alert: null }));
  await writeVisitsFile(directory, kept, nextNumber, 0);
  return { tornLines: torn, badLines: unreadable.length };
}

/** Each under a key of its own again: the old keys are overwritten. */
async function rewrittenPhotos(
  directory: string,
  visits: readonly StoredVisit[],
): Promise<ReadonlyMap<number, KeptPhoto>> {
  const keys = await readOldKeys(directory);
  const photos = new Map<number, KeptPhoto>();
  if (keys.size === 0) return photos;
  const name = photosFile(directory);
  const handle = await open(name + UNFINISHED, 'w', PRIVATE_FILE);
  try {
    let end = 0;
    for (const { number } of visits) {
      const sealed = await readOldPhoto(directory, number, keys);
      if (sealed === null) continue;
      const key = randomBytes(PHOTO_KEY_BYTES);
      const encrypted = encryptPhoto(number, sealed, key);
      const count = blocksFor(encrypted);
      if (count === null) continue;
      const blocks = Array.from({ length: count }, (_, index) => end + index);
      await handle.writeFile(Buffer.concat(inBlocks(encrypted, blocks).map(({ bytes }) => bytes)));
      photos.set(number, { key, blocks });
      end += blocks.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(name + UNFINISHED, name);
  await syncFolder(directory);
  return photos;
}
