import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Log } from '../../ports/log.ts';
import type { PhotoStore } from '../../ports/photo-store.ts';
import type { KeptPhoto } from '../../records/visit-place.ts';
import { removeFile, UNFINISHED } from './durable-file.ts';
import { BLOCK_BYTES, blocksFor, inBlocks, NO_PHOTO, photosFile } from './photo-blocks.ts';
import { encryptPhoto, PHOTO_KEY_BYTES } from './photo-cipher.ts';
import { PlaceFile } from './place-file.ts';
import { asStoreError, errnoOf, StoreError } from './store-error.ts';

/** Where the photos' keys are, each in the line of its visit. */
export interface PhotoKeys {
  /** Has a visit that is about to be appended be written with its photo, which is on disk already. */
  addPhoto(visitNumber: number, photo: KeptPhoto): void;
  /** Overwrites the photos' keys of these visits, on disk when it resolves; the visits stay. */
  dropPhotos(visitNumbers: readonly number[]): Promise<void>;
  /** The blocks of the photo of each visit that has one, oldest first; a snapshot. */
  photos(): ReadonlyMap<number, readonly number[]>;
}

export type PhotoStoreOptions = Readonly<{
  /** The folder of the records. */
  directory: string;
  visits: PhotoKeys;
  /** Told what opening has put right. */
  log?: Log;
}>;

/** Photos on disk. */
export interface DiskPhotoStore extends PhotoStore {
  /** Photos that were not there any more at opening, while their visits were. */
  readonly lost: number;
  /** Takes note that nothing is in these blocks that anybody could open. */
  freed(blocks: readonly number[]): void;
}

/**
 * Opens the photos of a folder of records, for one process at a time: the caller holds the lock of the visits. Nothing
 * is created before the first photo, and nothing left after the last.
 * @throws StoreError `full`, `read-only` or `io`
 */
export async function openPhotoStore(options: PhotoStoreOptions): Promise<DiskPhotoStore> {
  const { directory, visits, log } = options;
  const name = photosFile(directory);
  try {
    const there = Math.floor((await sizeOf(name)) / BLOCK_BYTES);
    const lost = [...visits.photos()].filter(([, blocks]) => blocks.some((block) => block >= there));
    if (lost.length > 0) {
      log?.warn({ photos: lost.length }, 'photos that are not there any more');
      await visits.dropPhotos(lost.map(([number]) => number));
    }
    const photos = new FilePhotoStore(options, lost.length);
    await photos.open();
    return photos;
  } catch (error) {
    throw asStoreError(error, `opening ${name}`);
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    (error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return 0;
      throw error;
    },
  );
}

class FilePhotoStore implements DiskPhotoStore {
  readonly lost: number;
  readonly #name: string;
  readonly #visits: PhotoKeys;
  #file: PlaceFile | null = null;
  /** Everything that touches the file, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #closed: boolean = false;

  constructor({ directory, visits }: PhotoStoreOptions, lost: number) {
    this.#name = photosFile(directory);
    this.#visits = visits;
    this.lost = lost;
  }

  /** Rejects with the file system's error. */
  async open(): Promise<void> {
    await removeFile(this.#name + UNFINISHED);
    const used = new Set([...this.#visits.photos().values()].flat());
    if (used.size === 0) return removeFile(this.#name);
    this.#file = await PlaceFile.open(this.#name, NO_PHOTO, used);
  }

  numbers(): readonly number[] {
    return [...this.#visits.photos().keys()];
  }

  keep(visitNumber: number, sealed: Uint8Array): Promise<void> {
    return this.#inTurn(`photo of visit ${visitNumber}`, async () => {
      const key = randomBytes(PHOTO_KEY_BYTES);
      const encrypted = encryptPhoto(visitNumber, sealed, key);
      const count = blocksFor(encrypted);
      if (count === null) throw new RangeError(`${sealed.length} bytes are more than any still has`);
      this.#file ??= await PlaceFile.create(this.#name, NO_PHOTO);
      const blocks = await this.#file.take(count);
      try {
        await this.#file.write(inBlocks(encrypted, blocks));
      } catch (error) {
        this.freed(blocks);
        throw error;
      }
      this.#visits.addPhoto(visitNumber, { key, blocks });
    });
  }

  delete(visitNumbers: readonly number[]): Promise<void> {
    return this.#inTurn('deleting photos', async () => {
      await this.#visits.dropPhotos(visitNumbers);
      if (!this.#file?.isUnused) return;
      await this.#file.close();
      this.#file = null;
      await removeFile(this.#name);
    });
  }

  freed(blocks: readonly number[]): void {
    this.#file?.free(blocks);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    await this.#file?.close();
    this.#file = null;
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
