import { readFile } from 'node:fs/promises';
import { decryptPhoto } from './photo-cipher.ts';
import { photoFiles } from './photo-files.ts';
import { readSlots } from './photo-key-slots.ts';
import { asStoreError, errnoOf, StoreError } from './store-error.ts';

/**
 * The photo of a visit as an age file, sealed to the operator's keys: this device cannot open it. Works while a gate
 * runs.
 * @returns null when that visit has no photo, or none any more
 * @throws StoreError `malformed` when the file is not what was written, `read-only` or `io`
 */
export async function readPhoto(directory: string, visitNumber: number): Promise<Uint8Array | null> {
  const files = photoFiles(directory);
  const photo = files.photoOf(visitNumber);
  try {
    const key = await keyOf(files.keys, visitNumber);
    const file = await readIfThere(photo);
    if (key === null || file === null) return null;
    const sealed = decryptPhoto(visitNumber, file, key);
    key.fill(0);
    if (sealed === null)
      throw new StoreError('malformed', `${photo}: is not what was written; it cannot be opened any more`);
    return sealed;
  } catch (error) {
    throw asStoreError(error, `reading ${photo}`);
  }
}

async function keyOf(file: string, visitNumber: number): Promise<Uint8Array | null> {
  const bytes = await readIfThere(file);
  if (bytes === null) return null;
  const slot = readSlots(bytes).findLast((one) => one?.visitNumber === visitNumber && one.key !== null);
  const key = slot?.key == null ? null : Uint8Array.from(slot.key);
  bytes.fill(0);
  return key;
}

async function readIfThere(file: string): Promise<Buffer | null> {
  return readFile(file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}
