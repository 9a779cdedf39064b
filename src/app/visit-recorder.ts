import type { Visit } from '../domain/visit.ts';
import type { Log } from '../ports/log.ts';
import type { VisitStore } from '../ports/visit-store.ts';
import type { PhotoParts } from './visit-photos.ts';

/** Where visits and their photos are kept. */
export type VisitRecorderParts = Readonly<{
  store: Pick<VisitStore, 'append'>;
  /** Without it no photo is kept. */
  photos?: Pick<PhotoParts, 'store' | 'wanted'>;
  log: Log;
}>;

/**
 * Records visits in the order in which they were decided, however long a photo takes to be sealed. A photo is safe on
 * disk before its visit is, and is deleted when the visit cannot be kept; a visit is kept without the photo that cannot.
 */
export function createVisitRecorder({ store, photos, log }: VisitRecorderParts) {
  let before: Promise<void> = Promise.resolve();

  const keepPhoto = async (number: number, photo: Promise<Uint8Array>): Promise<void> => {
    try {
      const sealed = await photo;
      if (photos?.wanted()) await photos.store.keep(number, sealed);
    } catch (error) {
      log.error({ visit: number, error: String(error) }, 'keeping a photo failed');
    }
  };
  const keep = async (visit: Visit, photo: Promise<Uint8Array> | null): Promise<void> => {
    if (photo !== null) await keepPhoto(visit.number, photo);
    try {
      await store.append(visit);
    } catch (error) {
      // What fails here too is deleted at the next opening.
      if (photo !== null) await photos?.store.delete([visit.number]).catch(() => undefined);
      throw error;
    }
  };

  return {
    /** Resolves when the visit is safe on disk. Rejects with StoreError. */
    record(visit: Visit, photo: Promise<Uint8Array> | null): Promise<void> {
      // Failures are taken up in turn; until then nobody waits for the photo.
      photo?.catch(() => undefined);
      const done = before.then(() => keep(visit, photo));
      before = done.catch(() => undefined);
      return done;
    },
  };
}
