import type { Log } from '../../ports/log.ts';
import type { DiskOutbox } from './alert-outbox.ts';
import type { Companions, Deleted, DiskVisitStore } from './disk-visit-store.ts';
import { type DiskPhotoStore, openPhotoStore } from './photo-store.ts';
import { openVisitStore } from './visit-store.ts';

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
 * Opens a folder of records, one process at a time.
 * @throws StoreError `locked`, `full`, `read-only` or `io`
 */
export async function openRecordFolder(options: RecordFolderOptions): Promise<RecordFolder> {
  const { directory, outbox } = options;
  const log = options.log === undefined ? {} : { log: options.log };
  let photos: DiskPhotoStore | null = null;
  const companions: Companions = {
    forget: (visitNumbers) => outbox.forget(new Set(visitNumbers)),
    freed: (blocks) => photos?.freed(blocks),
  };
  const visits = await openVisitStore({ ...options, companions });
  try {
    photos = await openPhotoStore({ directory, visits, ...log });
    const deletedBefore = visits.visits()[0]?.number ?? 0;
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
