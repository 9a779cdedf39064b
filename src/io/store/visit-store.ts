import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Low } from 'lowdb';
import type { Visit } from '../../domain/visit.ts';
import type { Log } from '../../ports/log.ts';
import { type StoredVisit, toStoredVisit } from '../../records/stored-visit.ts';
import type { KeptPhoto } from '../../records/visit-place.ts';
import type { AlertsFound, Companions, Deleted, DiskVisitStore } from './disk-visit-store.ts';
import { PRIVATE_FOLDER } from './durable-file.ts';
import { acquireLock, STORE_LOCK } from './lock.ts';
import { asStoreError, StoreError } from './store-error.ts';
import { VisitAdapter } from './visit-adapter.ts';

export type VisitStoreOptions = Readonly<{
  /** Made if need be, for its owner alone. */
  directory: string;
  /** Visits kept; older ones are deleted in order. */
  capVisits: number;
  /** IANA zone of stored times; the machine's by default. */
  zone?: string;
  /** Told what opening has put right. */
  log?: Log;
  companions?: Companions;
  /** Told of visits deleted for newer ones. */
  onBeyondCap?: (deleted: Deleted) => void;
}>;

const NO_COMPANIONS: Companions = {
  alertOf: () => null,
  lastUnkeptAlert: () => 0,
  written: () => undefined,
  forget: () => Promise.resolve(),
  freed: () => undefined,
};

/**
 * Opens the visits of a folder, one process at a time.
 * @throws StoreError `locked`, `full`, `read-only` or `io`
 */
export async function openVisitStore(options: VisitStoreOptions): Promise<DiskVisitStore> {
  const { directory, capVisits, log, companions = NO_COMPANIONS } = options;
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    const unlock = await acquireLock(path.join(directory, STORE_LOCK));
    try {
      const coming = new Map<number, KeptPhoto>();
      const adapter = new VisitAdapter({
        directory,
        capVisits,
        photoOf: (visitNumber) => coming.get(visitNumber) ?? null,
        alertOf: companions.alertOf,
        lastUnkeptAlert: companions.lastUnkeptAlert,
        onFreed: companions.freed,
      });
      const db = new Low<StoredVisit[]>(adapter, []);
      await db.read();
      const { tornLines, badLines, nextNumber } = adapter.recovered;
      if (tornLines + badLines > 0) log?.warn({ tornLines, badLines }, 'visit records repaired');
      log?.info({ visits: db.data.length, nextNumber }, 'visit records opened');
      return new LowVisitStore({ ...options, companions, adapter, coming, db, unlock });
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    throw asStoreError(error, `opening ${directory}`);
  }
}

type Waiting = Readonly<{ visit: StoredVisit; stored: () => void; failed: (error: StoreError) => void }>;
type Parts = VisitStoreOptions &
  Readonly<{
    companions: Companions;
    adapter: VisitAdapter;
    /** Photos of visits that are not written yet. */
    coming: Map<number, KeptPhoto>;
    db: Low<StoredVisit[]>;
    unlock: () => Promise<void>;
  }>;

class LowVisitStore implements DiskVisitStore {
  nextNumber: number;
  readonly repairs: Readonly<{ tornLines: number; badLines: number }>;
  readonly beyondCap: Deleted;
  readonly alertsFound: AlertsFound;
  readonly #parts: Parts;
  /** Visits at the end of lowdb's data that are not on disk yet. */
  #underWay = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();
  #closed: boolean = false;

  constructor(parts: Parts) {
    const { nextNumber, tornLines, badLines, beyondCap, alerts } = parts.adapter.recovered;
    this.#parts = parts;
    this.alertsFound = alerts;
    this.beyondCap = beyondCap;
    this.nextNumber = nextNumber;
    this.repairs = { tornLines, badLines };
  }

  visits(): readonly StoredVisit[] {
    const { data } = this.#parts.db;
    return data.slice(0, data.length - this.#underWay);
  }

  async append(visit: Visit): Promise<void> {
    if (this.#closed) throw new StoreError('closed', `visit ${visit.number}: the store is closed`);
    if (visit.number < this.nextNumber) {
      throw new RangeError(`visit ${visit.number}: numbers rise, the next is ${this.nextNumber}`);
    }
    const stored = toStoredVisit(visit, this.#parts.zone);
    this.nextNumber = visit.number + 1;
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ visit: stored, stored: resolve, failed: reject });
    });
    // Visits that come while one is written go to disk together.
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#writeWaiting());
    return done;
  }

  erase(which: (kept: readonly StoredVisit[]) => readonly number[]): Promise<Deleted> {
    return this.#alone('erasing visits', async ({ adapter, db, companions }) => {
      const asked = new Set(which(db.data));
      const found = db.data.filter(({ number }) => asked.has(number)).map(({ number }) => number);
      await companions.forget(found);
      const photos = await adapter.erase(asked);
      db.data = db.data.filter(({ number }) => !asked.has(number));
      return { visits: found.length, photos };
    });
  }

  delivered(visitNumbers: readonly number[]): Promise<void> {
    return this.#alone('taking note of alerts', ({ adapter }) => adapter.delivered(visitNumbers));
  }

  forgetLastAlert(): Promise<void> {
    return this.#alone('forgetting the last alert', ({ adapter }) => adapter.forgetLastAlert());
  }

  deleteSetAside(): Promise<void> {
    return this.#alone('deleting unreadable lines', ({ adapter }) => adapter.deleteSetAside());
  }

  amend(
    numbers: readonly number[],
    change: (visit: StoredVisit) => StoredVisit,
  ): Promise<readonly StoredVisit[]> {
    const asked = new Set(numbers);
    return this.#alone('changing visits', async ({ adapter, db }) => {
      const changed = new Map<number, StoredVisit>();
      for (const visit of db.data) {
        const next = asked.has(visit.number) ? change(visit) : visit;
        if (next !== visit) changed.set(visit.number, next);
      }
      if (changed.size === 0) return [];
      await adapter.change(changed.keys(), (kept) => ({
        ...kept,
        visit: changed.get(kept.visit.number) ?? kept.visit,
      }));
      db.data = db.data.map((visit) => changed.get(visit.number) ?? visit);
      return [...changed.values()];
    });
  }

  addPhoto(visitNumber: number, photo: KeptPhoto): void {
    const { coming, companions } = this.#parts;
    companions.freed(coming.get(visitNumber)?.blocks ?? []);
    coming.set(visitNumber, photo);
  }

  dropPhotos(visitNumbers: readonly number[]): Promise<void> {
    return this.#alone('deleting photos', async ({ adapter, coming, companions }) => {
      for (const number of visitNumbers) {
        companions.freed(coming.get(number)?.blocks ?? []);
        coming.delete(number);
      }
      const dropped = new Set(visitNumbers.filter((number) => adapter.hasPhoto(number)));
      await adapter.change(dropped, (kept) => ({ ...kept, photo: null }));
    });
  }

  photos(): ReadonlyMap<number, readonly number[]> {
    return this.#parts.adapter.photos();
  }

  /** Nothing is written meanwhile. */
  #alone<T>(what: string, work: (parts: Parts) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreError('closed', `${what}: the store is closed`));
    const done = this.#writing.then(async () => {
      try {
        return await work(this.#parts);
      } catch (error) {
        throw asStoreError(error, what);
      }
    });
    this.#writing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    await this.#parts.adapter.close();
    await this.#parts.unlock();
  }

  async #writeWaiting(): Promise<void> {
    const { adapter, db } = this.#parts;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, adapter.room);
      // In place, since copying all visits for each one would cost more than writing it.
      db.data.push(...batch.map(({ visit }) => visit));
      this.#underWay = batch.length;
      const failure = await this.#written(batch);
      this.#underWay = 0;
      this.#waiting.splice(0, batch.length);
      for (const { visit, stored, failed } of batch) {
        this.#parts.companions.written(visit.number, failure);
        failure === null ? stored() : failed(failure);
      }
    }
  }

  /** Writes what was added to lowdb's data, over what is beyond the cap for it. */
  async #written(batch: readonly Waiting[]): Promise<StoreError | null> {
    const { adapter, coming, db } = this.#parts;
    try {
      await db.write();
    } catch (error) {
      db.data.length -= batch.length;
      return asStoreError(error, `recording visit ${batch[0]?.visit.number}`);
    }
    this.#underWay = 0;
    for (const { visit } of batch) {
      coming.get(visit.number)?.key.fill(0);
      coming.delete(visit.number);
    }
    const { numbers, photos } = adapter.deleted;
    db.data.splice(0, numbers.length);
    if (numbers.length > 0) await this.#deletedForNewer(numbers, photos);
    return null;
  }

  async #deletedForNewer(numbers: readonly number[], photos: number): Promise<void> {
    const { companions, onBeyondCap, log } = this.#parts;
    try {
      await companions.forget(numbers);
    } catch (error) {
      log?.error({ error: String(error) }, 'alerts of deleted visits are not deleted yet');
    }
    onBeyondCap?.({ visits: numbers.length, photos });
  }
}
