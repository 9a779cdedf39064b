import type { Visit } from '../domain/visit.ts';
import type { Log } from '../ports/log.ts';
import type { VisitStore } from '../ports/visit-store.ts';
import type { PhotoParts } from './visit-photos.ts';

/** Where visits and their photos are kept. */
export type VisitRecorderParts = Readonly<{
  store: Pick<VisitStore, 'append'>;
  /** Without it no photo is kept. */
  photos?: Pick<PhotoParts, 'store'>;
  log: Log;
}>;

/**
 * Records visits in the order in which they were decided, however long a photo takes to be sealed: first the photo, then
 * its visit. A visit is kept without the photo that cannot be.
 */
export function createVisitRecorder({ store, photos, log }: VisitRecorderParts) {
  let before: Promise<void> = Promise.resolve();

  const keepPhoto = async (number: number, photo: Promise<Uint8Array>): Promise<void> => {
    try {
      await photos?.store.keep(number, await photo);
    } catch (error) {
      log.error({ visit: number, error: String(error) }, 'keeping a photo failed');
    }
  };

  return {
    /** Resolves when the visit is safe on disk. Rejects with StoreError. */
    record(visit: Visit, photo: Promise<Uint8Array> | null): Promise<void> {
      // Failures are taken up in turn; until then nobody waits for the photo.
      photo?.catch(() => undefined);
      const done = before.then(async () => {
        if (photo !== null) await keepPhoto(visit.number, photo);
        await store.append(visit);
      });
      before = done.catch(() => undefined);
      return done;
    },
  };
}
