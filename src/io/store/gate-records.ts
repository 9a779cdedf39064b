import type { Config } from '../../config/schema.ts';
import type { Visit } from '../../domain/visit.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PhotoStore } from '../../ports/photo-store.ts';
import type { RecordsHealth, RecordsState, VisitRecords } from '../../ports/visit-records.ts';
import { expiredVisits } from '../../records/expired.ts';
import { type ProfileInForce, profileText } from '../../records/profile.ts';
import { isoDay } from '../../records/stored-visit.ts';
import { type DiskOutbox, openOutbox } from './alert-outbox.ts';
import { applyChange } from './apply-change.ts';
import { answerRequests } from './change-spool.ts';
import { CountsFile } from './counts-file.ts';
import { DeletionTally } from './deletion-tally.ts';
import { DoubtfulTimes } from './doubtful-times.ts';
import { ProfileKeeper } from './profile-keeper.ts';
import { openRecordFolder, type RecordFolder } from './record-folder.ts';
import { readNextNumber } from './recover.ts';
import { asStoreError, type StoreError, type StoreErrorCode } from './store-error.ts';
import { whyNotWritable } from './writable.ts';

export type GateRecordsOptions = Readonly<{
  directory: string;
  records: Config['records'];
  clock: Clock;
  audit: AuditTrail;
  log: Log;
  /** IANA zone of stored times and of days; the machine's by default. */
  zone?: string;
}>;

/** A running gate's records on disk. */
export interface GateRecords extends VisitRecords {
  /** Alerts that wait for a broker. */
  readonly outbox: DiskOutbox;
  /** Keeps the photo of a visit that is about to be stored, in profile 3; deletes it again if that fails. */
  readonly photos: Pick<PhotoStore, 'keep'>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Opens the records of a gate, one process at a time, and leaves of them what the storage profile in force allows. Where
 * the disk is full or cannot be written the gate runs without, says so, and tries again.
 * @throws StoreError `locked`
 */
export async function openGateRecords(options: GateRecordsOptions): Promise<GateRecords> {
  const { directory, records, clock, zone = 'local' } = options;
  const outbox = await openOutbox(directory);
  try {
    const profile = await ProfileKeeper.open(directory, { asked: records, clock, zone });
    const kept = new FileGateRecords(options, outbox, profile);
    await kept.open();
    return kept;
  } catch (error) {
    await outbox.close();
    throw error;
  }
}

type Open = Readonly<{ folder: RecordFolder; counts: CountsFile }>;

class FileGateRecords implements GateRecords {
  nextNumber = 1;
  readonly outbox: DiskOutbox;
  readonly photos: Pick<PhotoStore, 'keep'>;
  readonly #options: GateRecordsOptions;
  readonly #zone: string;
  readonly #profile: ProfileKeeper;
  readonly #tally = new DeletionTally();
  readonly #doubtful: DoubtfulTimes;
  #inForce: ProfileInForce;
  /** Whether everything that the profile in force does not allow is deleted. */
  #enforced: boolean = false;
  #open: Open | null = null;
  #opening: Promise<Open> | null = null;
  #enforcing: Promise<void> = Promise.resolve();
  #health: RecordsHealth = 'ok';
  #minuteDueMs: number;
  #hourDueMs: number;
  /** What went wrong last, by what was tried: told once. */
  readonly #told = new Map<string, string>();

  constructor(options: GateRecordsOptions, outbox: DiskOutbox, profile: ProfileKeeper) {
    this.#options = options;
    this.#zone = options.zone ?? 'local';
    this.outbox = outbox;
    this.#profile = profile;
    this.#doubtful = new DoubtfulTimes(options.clock, this.#zone);
    this.#inForce = profile.judge();
    this.#minuteDueMs = options.clock.nowMs() + MINUTE_MS;
    this.#hourDueMs = options.clock.nowMs() + HOUR_MS;
    this.photos = { keep: (visitNumber, sealed) => this.#keepPhoto(visitNumber, sealed) };
  }

  /** @throws StoreError `locked` */
  async open(): Promise<void> {
    const { directory, log } = this.#options;
    try {
      await this.#opened();
    } catch (error) {
      const { code } = asStoreError(error, '');
      if (code === 'locked') throw error;
      this.nextNumber = await readNextNumber(directory).catch(() => 1);
    }
    const { profile } = this.#inForce;
    const text = profileText(this.#options.records, this.#inForce);
    if (this.#inForce.because === 'configured') log.info({ profile }, text);
    else log.warn({ profile }, text);
    await this.#enforce(this.#profile.atStart ?? profile);
    await this.#attempt('deleting what is too old', () => this.#deleteOld());
  }

  state(): RecordsState {
    this.#judge();
    return { profile: this.#inForce.profile, health: this.#health };
  }

  async append(visit: Visit): Promise<void> {
    this.nextNumber = Math.max(this.nextNumber, visit.number + 1);
    this.#judge();
    const { profile } = this.#inForce;
    if (profile === 0) return;
    if (profile > 1) this.#doubtful.note(visit);
    try {
      const { folder, counts } = await this.#opened();
      const { timeMs, timeTrusted } = visit;
      if (profile === 1) await counts.add(visit, timeTrusted ? isoDay(timeMs, this.#zone) : null);
      else await folder.visits.append(visit);
      this.#wentWell();
    } catch (error) {
      await this.#open?.folder.photos.delete([visit.number]).catch(() => undefined);
      throw this.#failed(asStoreError(error, `recording visit ${visit.number}`));
    }
  }

  async tend(): Promise<void> {
    const { directory, audit, clock } = this.#options;
    await this.#attempt('answering requests', () =>
      answerRequests(directory, async (request) => {
        const { folder } = await this.#opened();
        return applyChange(folder.visits, audit, request);
      }),
    );
    const open = this.#open;
    if (open !== null) {
      await this.#attempt('putting times right', () => this.#doubtful.putRight(open.folder.visits, audit));
    }
    if (clock.nowMs() >= this.#minuteDueMs) {
      this.#minuteDueMs = clock.nowMs() + MINUTE_MS;
      await this.#everyMinute();
    }
    if (clock.nowMs() >= this.#hourDueMs) {
      this.#hourDueMs = clock.nowMs() + HOUR_MS;
      await this.#attempt('deleting what is too old', () => this.#deleteOld());
      await this.#attempt('telling the audit trail', () => this.#tally.tell(audit));
    }
  }

  async close(): Promise<void> {
    await this.#enforcing;
    const open = this.#open;
    this.#open = null;
    await open?.folder.close();
    await this.#attempt('telling the audit trail', () => this.#tally.tell(this.#options.audit));
    await this.outbox.close();
  }

  async #keepPhoto(visitNumber: number, sealed: Uint8Array): Promise<void> {
    this.#judge();
    if (this.#inForce.profile < 3) return;
    const { folder } = await this.#opened();
    await folder.photos.keep(visitNumber, sealed);
  }

  /** The open folder; opens it where that failed before. */
  #opened(): Promise<Open> {
    if (this.#open !== null) return Promise.resolve(this.#open);
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #openNow(): Promise<Open> {
    const { directory, records, audit, log, zone } = this.#options;
    try {
      const counts = await CountsFile.open(directory);
      const folder = await openRecordFolder({
        directory,
        capVisits: records.capVisits,
        outbox: this.outbox,
        log,
        ...(zone !== undefined && { zone }),
        onBeyondCap: (deleted) => this.#tally.add('cap', deleted),
      });
      const { repairs, beyondCap, nextNumber } = folder.visits;
      this.nextNumber = Math.max(this.nextNumber, nextNumber);
      this.#open = { folder, counts };
      this.#tally.add('cap', { visits: beyondCap, photos: 0 });
      if (repairs.tornLines + repairs.badLines > 0) {
        await this.#attempt('telling the audit trail', () =>
          audit.append({ event: 'records-repaired', ...repairs }),
        );
      }
      this.#wentWell();
      return this.#open;
    } catch (error) {
      throw this.#failed(asStoreError(error, `opening ${directory}`));
    }
  }

  /** Takes note of a profile that changes; what it does not allow any more is deleted at once. */
  #judge(): void {
    const before = this.#inForce.profile;
    this.#inForce = this.#profile.judge();
    if (this.#inForce.profile === before) return;
    this.#options.log.warn(
      { profile: this.#inForce.profile },
      profileText(this.#options.records, this.#inForce),
    );
    this.#enforced = false;
    this.#enforcing = this.#enforcing.then(() => this.#enforce(before));
  }

  async #enforce(before: ProfileInForce['profile']): Promise<void> {
    const { audit } = this.#options;
    const { profile: to, because } = this.#inForce;
    if (before !== to && because !== 'reason-missing' && because !== 'clock-unset') {
      // First: after a crash it is told twice rather than never.
      await this.#attempt('telling the audit trail', () =>
        audit.append({ event: 'profile-changed', from: before, to, because }),
      );
    }
    await this.#attempt('keeping the storage profile', () => this.#profile.save());
    await this.#attempt('deleting what the storage profile does not allow', async () => {
      await this.outbox.keepOnDisk(to >= 2);
      const { folder, counts } = await this.#opened();
      let photos = 0;
      if (to < 3) photos = await deleteAllPhotos(folder);
      const erased = to < 2 ? await folder.visits.erase((kept) => kept.map(({ number }) => number)) : null;
      if (to < 2) await folder.visits.deleteSetAside();
      if (to < 1) await counts.clear();
      this.#enforced = true;
      this.#tally.add('profile', { visits: erased?.visits ?? 0, photos });
    });
    await this.#attempt('telling the audit trail', () => this.#tally.tell(audit));
  }

  async #everyMinute(): Promise<void> {
    const { directory } = this.#options;
    this.#judge();
    await this.#enforcing;
    await this.#attempt('keeping the storage profile', () => this.#profile.save());
    await this.#opened().catch(() => undefined);
    if (!this.#enforced) await this.#enforce(this.#inForce.profile);
    if (this.#open !== null && this.#health !== 'ok' && (await whyNotWritable(directory)) === null) {
      this.#wentWell();
    }
  }

  /** By a synchronised clock only. */
  async #deleteOld(): Promise<void> {
    const { clock, records } = this.#options;
    const { unixMs, trusted } = clock.wallTime();
    if (!trusted || this.#open === null) return;
    const { folder, counts } = this.#open;
    const { maximumAgeDays } = records;
    const deleted = await folder.visits.erase((kept) => expiredVisits(kept, maximumAgeDays, unixMs));
    this.#tally.add('age', deleted);
    const oldest = isoDay(unixMs - maximumAgeDays * DAY_MS, this.#zone);
    await counts.settle(isoDay(unixMs, this.#zone), oldest);
  }

  #wentWell(): void {
    if (this.#health !== 'ok') this.#options.log.info({}, 'visits are kept again');
    this.#health = 'ok';
  }

  #failed(error: StoreError): StoreError {
    const health = HEALTH[error.code] ?? 'failing';
    if (this.#health !== health && error.code !== 'locked') {
      this.#options.log.error({ code: error.code, error: error.message }, 'visits are not kept');
      this.#health = health;
    }
    return error;
  }

  /** What fails is told once, and tried again by whoever calls. */
  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#told.delete(what);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (this.#told.get(what) !== message) this.#options.log.error({ error: message }, `${what} failed`);
      this.#told.set(what, message);
    }
  }
}

const HEALTH: Readonly<Partial<Record<StoreErrorCode, RecordsHealth>>> = {
  full: 'full',
  'read-only': 'read-only',
};

async function deleteAllPhotos({ photos }: RecordFolder): Promise<number> {
  const numbers = photos.numbers();
  await photos.delete(numbers);
  return numbers.length;
}
