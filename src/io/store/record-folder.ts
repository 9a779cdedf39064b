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
  /** Whose alerts are kept with the visits; without it those that wait stay as they are. */
  outbox?: DiskOutbox;
  /** IANA zone of stored times; the machine's by default. */
  zone?: string;
  log?: Log;
  /** Told of visits deleted for newer ones. */
  onBeyondCap?: (deleted: Deleted) => void;
}>;

/** Visits on disk with their alerts, and their photos: deleted together. */
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
    alertOf: (visitNumber) => outbox?.alertOf(visitNumber) ?? null,
    lastUnkeptAlert: () => outbox?.lastUnkeptAlert() ?? 0,
    written: (visitNumber, failure) => outbox?.written(visitNumber, failure),
    forget: async (visitNumbers) => outbox?.forget(visitNumbers),
    freed: (blocks) => photos?.freed(blocks),
  };
  const visits = await openVisitStore({ ...options, companions });
  try {
    photos = await openPhotoStore({ directory, visits, ...log });
    if (outbox !== undefined) await shareAlerts(visits, outbox);
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

async function shareAlerts(visits: DiskVisitStore, outbox: DiskOutbox): Promise<void> {
  await outbox.found(visits.alertsFound, (visitNumbers) => visits.delivered(visitNumbers));
  const deletedBefore = visits.visits()[0]?.number ?? 0;
  const waiting = outbox.pending().map(({ visitNumber }) => visitNumber);
  await outbox.forget(waiting.filter((number) => number < deletedBefore));
}
