import type { Log } from '../../ports/log.ts';
import type { DiskOutbox } from './alert-outbox.ts';
import { type DiskPhotoStore, deleteOrphans, openPhotoStore } from './photo-store.ts';
import { type Companions, type Deleted, type DiskVisitStore, openVisitStore } from './visit-store.ts';

export type RecordFolderOptions = Readonly<{
  /** Made if need be, for its owner alone. */
  directory: string;
  /** Visits kept; older ones are deleted in order. */
  capVisits: number;
  /** Loses the alerts of deleted visits. The caller closes it. */
  outbox: DiskOutbox;
  /** IANA zone of stored times; the machine's by default. */
  zone?: string;
  log?: Log;
  /** Told of visits deleted for newer ones. */
  onBeyondCap?: (deleted: Deleted) => void;
}>;

/** Visits and their photos on disk: deleted together, with the alerts that wait. */
export type RecordFolder = Readonly<{
  visits: DiskVisitStore;
  photos: DiskPhotoStore;
  close: () => Promise<void>;
}>;

/**
 * Opens a folder of records, one process at a time. No photo is left without its visit.
 * @throws StoreError `locked`, `full`, `read-only` or `io`
 */
export async function openRecordFolder(options: RecordFolderOptions): Promise<RecordFolder> {
  const { directory, capVisits, outbox } = options;
  const log = options.log === undefined ? {} : { log: options.log };
  let photos: DiskPhotoStore | null = null;
  const companions: Companions = {
    forget: (visitNumbers) => outbox.forget(new Set(visitNumbers)),
    async deletePhotos(visitNumbers) {
      const numbers = new Set(visitNumbers);
      const taken = photos?.numbers().filter((number) => numbers.has(number)) ?? [];
      await photos?.delete(taken);
      return taken.length;
    },
  };
  const visits = await openVisitStore({ ...options, companions });
  try {
    photos = await openPhotoStore({ directory, capPhotos: capVisits, ...log });
    const kept = visits.visits().map(({ number }) => number);
    await deleteOrphans(photos, new Set(kept));
    const deletedBefore = kept[0] ?? 0;
    const waiting = outbox.pending().map(({ visitNumber }) => visitNumber);
    await outbox.forget(new Set(waiting.filter((number) => number < deletedBefore)));
  } catch (error) {
    await visits.close();
    await photos?.close();
    throw error;
  }
  const opened = photos;
  return {
    visits,
    photos: opened,
    async close() {
      await visits.close();
      await opened.close();
    },
  };
}
