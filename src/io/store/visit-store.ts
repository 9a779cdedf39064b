import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Low } from 'lowdb';
import type { Visit } from '../../domain/visit.ts';
import type { Log } from '../../ports/log.ts';
import type { VisitStore } from '../../ports/visit-store.ts';
import { type StoredVisit, toStoredVisit } from '../../records/stored-visit.ts';
import { PRIVATE_FOLDER } from './durable-file.ts';
import { acquireLock, STORE_LOCK } from './lock.ts';
import { deleteSetAsideBefore } from './segment.ts';
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

/** How many visits, and photos of theirs, were deleted. */
export type Deleted = Readonly<{ visits: number; photos: number }>;

/** What belongs to visits, and is deleted with them. May be asked again for the same ones. */
export type Companions = Readonly<{
  /** Alerts that wait: before the visits are erased. */
  forget: (visitNumbers: readonly number[]) => Promise<void>;
  /** Photos: after, since opening deletes those without a visit. Resolves to how many there were. */
  deletePhotos: (visitNumbers: readonly number[]) => Promise<number>;
}>;

const NO_COMPANIONS: Companions = {
  forget: () => Promise.resolve(),
  deletePhotos: () => Promise.resolve(0),
};

/** Visits on disk. */
export interface DiskVisitStore extends VisitStore {
  /** The visits kept, oldest first; a snapshot. */
  visits(): readonly StoredVisit[];
  /**
   * Deletes visits with everything that belongs to them, safe on disk when it resolves.
   * @param which their numbers; others than those kept do no harm
   */
  erase(which: (kept: readonly StoredVisit[]) => readonly number[]): Promise<Deleted>;
  /**
   * Writes visits anew, safe on disk when it resolves.
   * @param change the visit as it is to be; itself: nothing is written
   * @returns those that were there and changed
   */
  amend(
    numbers: readonly number[],
    change: (visit: StoredVisit) => StoredVisit,
  ): Promise<readonly StoredVisit[]>;
  /** Deletes the lines that were set aside as unreadable, whatever is in them. */
  deleteSetAside(): Promise<void>;
  /** Lines that opening had to cut off (their visits never counted as stored) or to set aside as unreadable. */
  readonly repairs: Readonly<{ tornLines: number; badLines: number }>;
  /** Visits that opening deleted as beyond the cap. */
  readonly beyondCap: number;
}

/**
 * Opens the visits of a folder, one process at a time.
 * @throws StoreError `locked`, `full`, `read-only` or `io`
 */
export async function openVisitStore(options: VisitStoreOptions): Promise<DiskVisitStore> {
  const { directory, capVisits, log } = options;
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    const unlock = await acquireLock(path.join(directory, STORE_LOCK));
    try {
      const adapter = new VisitAdapter(directory, capVisits);
      const db = new Low<StoredVisit[]>(adapter, []);
      await db.read();
      const { tornLines, badLines, nextNumber } = adapter.recovered;
      if (tornLines + badLines > 0) log?.warn({ tornLines, badLines }, 'visit records repaired');
      log?.info({ visits: db.data.length, nextNumber }, 'visit records opened');
      return new LowVisitStore({ ...options, adapter, db, unlock });
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
  Readonly<{ adapter: VisitAdapter; db: Low<StoredVisit[]>; unlock: () => Promise<void> }>;

class LowVisitStore implements DiskVisitStore {
  nextNumber: number;
  readonly repairs: Readonly<{ tornLines: number; badLines: number }>;
  readonly beyondCap: number;
  readonly #parts: Parts;
  /** Visits at the end of lowdb's data that are not on disk yet. */
  #underWay = 0;
  #waiting: Waiting[] = [];
  /** Deleted visits whose photos may be there still. */
  #owed: number[] = [];
  #writing: Promise<void> = Promise.resolve();
  #closed: boolean = false;

  constructor(parts: Parts) {
    const { nextNumber, tornLines, badLines, beyondCap } = parts.adapter.recovered;
    this.#parts = parts;
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
    return this.#alone('erasing visits', async ({ adapter, db, companions = NO_COMPANIONS }) => {
      const asked = new Set(which(db.data));
      const found = db.data.filter(({ number }) => asked.has(number)).map(({ number }) => number);
      await companions.forget(found);
      await adapter.erase(asked);
      db.data = db.data.filter(({ number }) => !asked.has(number));
      return { visits: found.length, photos: await this.#deletePhotos(found) };
    });
  }

  deleteSetAside(): Promise<void> {
    return this.#alone('deleting unreadable lines', ({ directory }) => deleteSetAsideBefore(directory, null));
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
      await adapter.replace(changed);
      db.data = db.data.map((visit) => changed.get(visit.number) ?? visit);
      return [...changed.values()];
    });
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
      for (const { stored, failed } of batch) failure === null ? stored() : failed(failure);
    }
  }

  /** Writes what was added to lowdb's data, and deletes what is beyond the cap for it. */
  async #written(batch: readonly Waiting[]): Promise<StoreError | null> {
    const { db, capVisits } = this.#parts;
    try {
      await db.write();
    } catch (error) {
      db.data.length -= batch.length;
      return asStoreError(error, `recording visit ${batch[0]?.visit.number}`);
    }
    this.#underWay = 0;
    const excess = db.data.length - capVisits;
    if (excess > 0) await this.#deletedForNewer(db.data.splice(0, excess));
    return null;
  }

  /** What cannot be deleted now is tried again with the next ones, and at the next opening. */
  async #deletedForNewer(visits: readonly StoredVisit[]): Promise<void> {
    const { companions = NO_COMPANIONS, onBeyondCap, log } = this.#parts;
    const numbers = visits.map(({ number }) => number);
    let photos = 0;
    try {
      await companions.forget(numbers);
      photos = await this.#deletePhotos(numbers);
    } catch (error) {
      log?.error({ error: String(error) }, 'photos or alerts of deleted visits are not deleted yet');
    }
    onBeyondCap?.({ visits: visits.length, photos });
  }

  async #deletePhotos(visitNumbers: readonly number[]): Promise<number> {
    const { companions = NO_COMPANIONS } = this.#parts;
    this.#owed.push(...visitNumbers);
    const photos = await companions.deletePhotos(this.#owed);
    this.#owed = [];
    return photos;
  }
}
