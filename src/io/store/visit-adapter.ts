import type { Adapter } from 'lowdb';
import { BLANK } from '../../records/place.ts';
import type { StoredVisit } from '../../records/stored-visit.ts';
import {
  type Head,
  headPlace,
  type KeptAlert,
  type KeptPhoto,
  type KeptVisit,
  parseVisitLine,
  visitPlace,
} from '../../records/visit-place.ts';
import { withWaitingAlert } from '../../records/waiting-alert.ts';
import type { AlertsFound } from './disk-visit-store.ts';
import { FirstLine } from './first-line.ts';
import { type Held, HeldVisits } from './held-visits.ts';
import { type PlaceChange, PlaceFile } from './place-file.ts';
import { type Recovered, recoverStore, visitsAllowed } from './recover.ts';
import { SetAside } from './set-aside.ts';
import { StoreError } from './store-error.ts';
import { visitsFile, writeVisitsFile } from './visits-file.ts';

/** Most visits that one write adds. */
const MOST_AT_ONCE = 64;

/** What was found and put right at opening. */
type FromBefore = Pick<Recovered, 'nextNumber' | 'tornLines' | 'badLines' | 'beyondCap'> &
  Readonly<{ alerts: AlertsFound }>;

const FROM_NOTHING: FromBefore = {
  nextNumber: 1,
  tornLines: 0,
  badLines: 0,
  beyondCap: { visits: 0, photos: 0 },
  alerts: { waiting: [], stray: [], last: 0 },
};

export type VisitAdapterOptions = Readonly<{
  directory: string;
  capVisits: number;
  /** The photo of a visit that is about to be written; null: it has none. */
  photoOf: (visitNumber: number) => KeptPhoto | null;
  /** The alert of a visit that is about to be written; null: it has none. */
  alertOf: (visitNumber: number) => KeptAlert | null;
  /** The highest sequence of alerts whose visits could not be written; 0: none. */
  lastUnkeptAlert: () => number;
  /** Told of blocks whose photo nobody can open any more, for its key was overwritten. */
  onFreed: (blocks: readonly number[]) => void;
}>;

/**
 * lowdb's file for visits. lowdb hands over all visits at every write; this adapter writes only those it has not seen
 * before, each in a place that is blank or, at the cap, in the oldest's: recording and deleting are then one write.
 */
export class VisitAdapter implements Adapter<StoredVisit[]> {
  readonly #options: VisitAdapterOptions;
  #file: PlaceFile | null = null;
  #setAside: SetAside | null = null;
  #firstLine = new FirstLine(NO_HEAD, 0, []);
  readonly #held = new HeldVisits();
  #lastNumber = 0;
  /** What the last write deleted. */
  deleted: Readonly<{ numbers: readonly number[]; photos: number }> = { numbers: [], photos: 0 };
  /** What the last reading put right. */
  recovered: FromBefore = FROM_NOTHING;

  constructor(options: VisitAdapterOptions) {
    this.#options = options;
  }

  /** How many visits one write may add. */
  get room(): number {
    return Math.min(MOST_AT_ONCE, this.#allowed);
  }

  /** The blocks of the photo of each visit that has one. */
  photos(): ReadonlyMap<number, readonly number[]> {
    return this.#held.photos();
  }

  hasPhoto(number: number): boolean {
    return (this.#held.get(number)?.blocks.length ?? 0) > 0;
  }

  async read(): Promise<StoredVisit[]> {
    const { directory, capVisits } = this.#options;
    const setAside = await SetAside.open(directory);
    const { file, head, visits, strayAlerts, lastAlert, ...recovered } = await recoverStore(
      directory,
      capVisits,
      setAside,
    );
    const alerts = { waiting: withWaitingAlert(visits), stray: strayAlerts, last: lastAlert };
    this.recovered = { ...recovered, alerts };
    this.#setAside = setAside;
    this.#file = file;
    this.#firstLine = new FirstLine(head, lastAlert, visits);
    this.#lastNumber = recovered.nextNumber - 1;
    for (const { visit, photo, place } of visits) this.#held.hold(visit.number, place, photo);
    return visits.map(({ visit }) => visit);
  }

  /** Writes the visits that are new since the last write, and deletes those beyond the cap. */
  async write(visits: StoredVisit[]): Promise<void> {
    const fresh = visits.slice(visits.findLastIndex(({ number }) => number <= this.#lastNumber) + 1);
    const last = fresh.at(-1);
    this.deleted = { numbers: [], photos: 0 };
    if (last === undefined) return;
    const beyond = this.#held.oldest(this.#held.count + fresh.length - this.#allowed);
    const file = await this.#opened();
    const blank = await file.take(Math.max(0, fresh.length - beyond.length));
    const places = [...beyond.map(({ place }) => place), ...blank];
    const written = fresh.map((visit, index) => {
      const { number } = visit;
      const [photo, alert] = [this.#options.photoOf(number), this.#options.alertOf(number)];
      return { number, photo, alert, place: places[index] ?? 0, bytes: visitPlace({ visit, photo, alert }) };
    });
    const cleared = places.slice(fresh.length);
    try {
      if (beyond.length > 0) await this.#tellInHead(file, beyond);
      const alerts = written.map(({ alert }) => alert);
      const head = this.#firstLine.besides(alerts, this.#options.lastUnkeptAlert(), file.places);
      await file.exchange([...headChange(head), ...written, ...cleared.map(blanked)]);
      if (head !== null) this.#firstLine.written(head);
    } catch (error) {
      file.free(blank);
      throw error;
    }
    file.free(cleared);
    this.#lastNumber = last.number;
    this.deleted = { numbers: beyond.map(({ number }) => number), photos: this.#letGo(beyond) };
    for (const { number, place, photo, alert } of written) {
      this.#held.hold(number, place, photo);
      if (alert !== null) this.#firstLine.alertWritten(alert, number);
    }
    await this.#dropOldUnreadable();
  }

  /**
   * Overwrites these visits, and the keys of their photos with them, on disk when it resolves. Rejects with the file
   * system's error.
   * @returns how many photos there were
   */
  async erase(numbers: ReadonlySet<number>): Promise<number> {
    const gone = this.#held.of(numbers);
    let photos = 0;
    if (this.#file !== null && gone.length > 0) {
      const newest = gone.at(-1)?.number === this.#held.newest();
      // So that neither its number nor its alert's is ever given again.
      await this.#tellInHead(this.#file, gone, newest ? this.#lastNumber + 1 : 1);
      const places = gone.map(({ place }) => place);
      await this.#file.exchange(places.map(blanked));
      this.#file.free(places);
      photos = this.#letGo(gone);
    }
    await this.#setAside?.deleteOf(numbers);
    await this.#dropOldUnreadable();
    return photos;
  }

  /**
   * Writes visits anew in their places, on disk when it resolves. Rejects with the file system's error or StoreError
   * `malformed`.
   */
  async change(numbers: Iterable<number>, next: (kept: KeptVisit) => KeptVisit): Promise<void> {
    const changes = await this.#changes(numbers, next);
    if (changes.length === 0) return;
    await this.#file?.exchange(changes);
    for (const { number, place, photo } of changes) {
      const before = this.#held.get(number)?.blocks ?? [];
      this.#held.hold(number, place, photo);
      if (photo === null) this.#options.onFreed(before);
    }
  }

  /**
   * Takes note that the alerts of these visits were delivered: of each only its sequence stays. Outlives the process when
   * it resolves, and a power cut soon. Rejects like {@link change}.
   */
  async delivered(numbers: Iterable<number>): Promise<void> {
    const changes = await this.#changes(numbers, (kept) =>
      kept.alert === null ? kept : { ...kept, alert: { ...kept.alert, waitsSinceMs: null } },
    );
    if (changes.length > 0) await this.#file?.writeSoon(changes);
  }

  /** Forgets the number of the last alert, where no visit is kept. Rejects with the file system's error. */
  async forgetLastAlert(): Promise<void> {
    if (this.#file !== null) await this.#putHead(this.#file, this.#firstLine.withoutAlerts());
  }

  /** Deletes what was set aside as unreadable. Rejects with the file system's error. */
  async deleteSetAside(): Promise<void> {
    await this.#setAside?.deleteAll();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  get #allowed(): number {
    const { capVisits } = this.#options;
    return this.#setAside === null ? capVisits : visitsAllowed(capVisits, this.#setAside);
  }

  /** @returns how many photos they had */
  #letGo(gone: readonly Held[]): number {
    this.#held.drop(gone);
    for (const { blocks } of gone) this.#options.onFreed(blocks);
    return gone.filter(({ blocks }) => blocks.length > 0).length;
  }

  /** The file, made at the first visit. */
  async #opened(): Promise<PlaceFile> {
    if (this.#file === null) {
      const { directory } = this.#options;
      this.#firstLine = new FirstLine(await writeVisitsFile(directory, [], 1, 0), 0, []);
      this.#file = await PlaceFile.open(visitsFile(directory), BLANK, new Set([0]));
    }
    return this.#file;
  }

  /** What visits in their places become. */
  async #changes(
    numbers: Iterable<number>,
    next: (kept: KeptVisit) => KeptVisit,
  ): Promise<readonly (PlaceChange & Readonly<{ number: number; photo: KeptPhoto | null }>)[]> {
    const changes: (PlaceChange & Readonly<{ number: number; photo: KeptPhoto | null }>)[] = [];
    for (const number of numbers) {
      const held = this.#held.get(number);
      if (this.#file === null || held === undefined) continue;
      const kept = parseVisitLine((await this.#file.read(held.place)).toString('latin1').trimEnd());
      if (kept === null) throw new StoreError('malformed', `visit ${number} is not what was written`);
      const changed = next(kept);
      changes.push({ number, place: held.place, photo: changed.photo, bytes: visitPlace(changed) });
    }
    return changes;
  }

  /** Has the first line tell, before these visits are overwritten, what their lines told alone. */
  async #tellInHead(file: PlaceFile, gone: readonly Held[], next = 1): Promise<void> {
    const numbers = gone.map(({ number }) => number);
    await this.#putHead(file, this.#firstLine.beforeLosing(numbers, next, file.places));
  }

  async #putHead(file: PlaceFile, head: Head | null): Promise<void> {
    if (head === null) return;
    await file.exchange(headChange(head));
    this.#firstLine.written(head);
  }

  /** What cannot be deleted now is tried again at the next write, and at the next opening. */
  async #dropOldUnreadable(): Promise<void> {
    const [oldest] = this.#held.oldest(1);
    await this.#setAside?.deleteBefore(oldest?.number ?? this.#lastNumber + 1).catch(() => undefined);
  }
}

const NO_HEAD: Head = { version: 1, next: 1, places: 1, alerts: 0 };

function headChange(head: Head | null): readonly PlaceChange[] {
  return head === null ? [] : [{ place: 0, bytes: headPlace(head) }];
}

function blanked(place: number): PlaceChange {
  return { place, bytes: BLANK };
}
