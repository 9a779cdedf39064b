import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Log } from '../../ports/log.ts';
import type { PhotoStore } from '../../ports/photo-store.ts';
import { PRIVATE_FOLDER, removeFile, replaceFile, syncFolder } from './durable-file.ts';
import { encryptPhoto, PHOTO_KEY_BYTES } from './photo-cipher.ts';
import { listPhotos, type PhotoFiles, photoFiles } from './photo-files.ts';
import { PhotoKeys } from './photo-keys.ts';
import { asStoreError, StoreError } from './store-error.ts';

export type PhotoStoreOptions = Readonly<{
  /** The folder of the records. */
  directory: string;
  /** Photos kept besides the one of the visit under way; older ones are deleted in order. */
  capPhotos: number;
  /** Told what opening has put right. */
  log?: Log;
}>;

/** Photos on disk. */
export interface DiskPhotoStore extends PhotoStore {
  /** Photos found without their key at opening: nobody could open them any more, and they were deleted. */
  readonly lost: number;
}

/**
 * Opens the photos of a folder of records, for one process at a time: the caller holds the lock of the visits. Nothing
 * is created before the first photo. Finishes what a crash has left half done: a photo whose key was destroyed is
 * removed, and a key without a photo destroyed.
 * @throws StoreError `full`, `read-only` or `io`
 */
export async function openPhotoStore(options: PhotoStoreOptions): Promise<DiskPhotoStore> {
  const files = photoFiles(options.directory);
  try {
    const found = await listPhotos(files);
    if (found === null) return new FilePhotoStore(options, null, [], 0);
    const keys = await PhotoKeys.open(files.keys);
    try {
      const { readable, lost } = await matched(files, found, keys);
      if (lost > 0) options.log?.warn({ photos: lost }, 'photos without their keys deleted');
      return new FilePhotoStore(options, keys, readable, lost);
    } catch (error) {
      await keys.close();
      throw error;
    }
  } catch (error) {
    throw asStoreError(error, `opening ${files.folder}`);
  }
}

/**
 * Deletes the photos of visits that are not kept (any more, or never were), as after a crash between a photo and its
 * record.
 * @returns how many
 */
export async function deleteOrphans(photos: PhotoStore, keptNumbers: ReadonlySet<number>): Promise<number> {
  const orphans = photos.numbers().filter((number) => !keptNumbers.has(number));
  await photos.delete(orphans);
  return orphans.length;
}

/** Leaves photos with keys only, and keys with photos only. */
async function matched(files: PhotoFiles, found: readonly number[], keys: PhotoKeys) {
  const withKey = new Set(keys.numbers());
  const withPhoto = new Set(found);
  await keys.destroy(keys.numbers().filter((number) => !withPhoto.has(number)));
  const unreadable = found.filter((number) => !withKey.has(number));
  await removePhotos(files, unreadable);
  return {
    readable: found.filter((number) => withKey.has(number)),
    lost: unreadable.filter((number) => !keys.toldDestroyed(number)).length,
  };
}

async function removePhotos(files: PhotoFiles, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  for (const number of numbers) await removeFile(files.photoOf(number));
  await syncFolder(files.folder);
}

class FilePhotoStore implements DiskPhotoStore {
  readonly lost: number;
  readonly #files: PhotoFiles;
  readonly #directory: string;
  readonly #capPhotos: number;
  /** In the order of their visits, since numbers rise. */
  readonly #numbers: Set<number>;
  #keys: PhotoKeys | null;
  /** Everything that touches the files, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #closed: boolean = false;

  constructor(options: PhotoStoreOptions, keys: PhotoKeys | null, numbers: readonly number[], lost: number) {
    this.#files = photoFiles(options.directory);
    this.#directory = options.directory;
    this.#capPhotos = options.capPhotos;
    this.#keys = keys;
    this.#numbers = new Set(numbers);
    this.lost = lost;
  }

  numbers(): readonly number[] {
    return [...this.#numbers];
  }

  keep(visitNumber: number, sealed: Uint8Array): Promise<void> {
    return this.#inTurn(`photo of visit ${visitNumber}`, async () => {
      await this.#deleteNow(this.numbers().slice(0, Math.max(0, this.#numbers.size - this.#capPhotos)));
      const keys = await this.#openedKeys();
      const key = randomBytes(PHOTO_KEY_BYTES);
      try {
        // The key first: a photo is never on disk without it, so that one found so has lost it.
        await keys.add(visitNumber, key);
        await replaceFile(this.#files.photoOf(visitNumber), encryptPhoto(visitNumber, sealed, key));
      } catch (error) {
        this.#numbers.delete(visitNumber);
        // What fails here too is put right at the next opening.
        await keys.destroy([visitNumber]).catch(() => undefined);
        throw error;
      } finally {
        key.fill(0);
      }
      this.#numbers.add(visitNumber);
    });
  }

  delete(visitNumbers: readonly number[]): Promise<void> {
    return this.#inTurn('deleting photos', () => this.#deleteNow(visitNumbers));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    await this.#keys?.close();
    this.#keys = null;
  }

  /** From the moment the keys are overwritten nobody can open the photos, whatever becomes of the files. */
  async #deleteNow(visitNumbers: readonly number[]): Promise<void> {
    const gone = [...new Set(visitNumbers)].filter((number) => this.#numbers.has(number));
    await this.#keys?.destroy(gone);
    for (const number of gone) this.#numbers.delete(number);
    await removePhotos(this.#files, gone);
  }

  async #openedKeys(): Promise<PhotoKeys> {
    if (this.#keys === null) {
      await mkdir(this.#files.folder, { recursive: true, mode: PRIVATE_FOLDER });
      await syncFolder(this.#directory);
      this.#keys = await PhotoKeys.open(this.#files.keys);
    }
    return this.#keys;
  }

  #inTurn(what: string, work: () => Promise<void>): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreError('closed', `${what}: the photos are closed`));
    const done = this.#work.then(work).catch((error: unknown) => {
      throw asStoreError(error, what);
    });
    this.#work = done.catch(() => undefined);
    return done;
  }
}
