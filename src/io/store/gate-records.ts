import type { Config } from '../../config/schema.ts';
import type { StorageProfile } from '../../domain/storage-profile.ts';
import type { CheckVerdict, Visit } from '../../domain/visit.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PhotoStore } from '../../ports/photo-store.ts';
import type { RecordsState, VisitRecords } from '../../ports/visit-records.ts';
import { checkVerdictsOf } from '../../records/check-verdicts.ts';
import { expiredVisits } from '../../records/expired.ts';
import { isoDay, isoSeconds } from '../../records/stored-visit.ts';
import { countsOfDay, type DayCounts } from '../../records/visit-counts.ts';
import { DiskOutbox } from './alert-outbox.ts';
import { applyChange } from './apply-change.ts';
import { Attempts } from './attempts.ts';
import { answerRequests } from './change-spool.ts';
import { DeletionTally } from './deletion-tally.ts';
import { DoubtfulTimes } from './doubtful-times.ts';
import { EnforcedProfile } from './enforced-profile.ts';
import { ProfileKeeper } from './profile-keeper.ts';
import { readAlerts } from './read-alerts.ts';
import { readNextNumber, readVisits } from './read-visits.ts';
import { RecordsAvailable } from './records-available.ts';
import { asStoreError, StoreError } from './store-error.ts';
import { whyNotWritable } from './writable.ts';

export type GateRecordsOptions = Readonly<{
  directory: string;
  records: Config['records'];
  /** What the ids of this gate's alerts begin with. */
  gateId: string;
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
  /**
   * Enters what a clinical thermometer said of a visit, or says that no such visit is kept. Adds `check-entered` to the
   * audit trail. Rejects with StoreError.
   */
  enterCheck(
    check: Readonly<{
      visit: number;
      result: 'confirmed' | 'cleared';
      temperatureC: number | null;
      by: string;
    }>,
  ): Promise<'entered' | 'not-found'>;
  /** Visits of a local day as far as the profile in force has kept them. Rejects with StoreError. */
  countsOf(day: string): Promise<DayCounts | null>;
  /** Keeps the photo of a visit that is about to be stored, in profile 3; deletes it again if that fails. */
  readonly photos: Pick<PhotoStore, 'keep'>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Opens the records of a gate, one process at a time, and leaves of them what the storage profile in force allows. Where
 * the disk is full or cannot be written the gate runs without, says so, and tries again.
 * @throws StoreError `locked`; `no-folder`: records.directory is wrong
 */
export async function openGateRecords(options: GateRecordsOptions): Promise<GateRecords> {
  const { directory, records, clock, zone = 'local' } = options;
  const profile = await ProfileKeeper.open(directory, { asked: records, clock, zone });
  const kept = new FileGateRecords(options, new DiskOutbox(options), profile);
  await kept.open();
  return kept;
}

class FileGateRecords implements GateRecords {
  readonly outbox: DiskOutbox;
  readonly photos: Pick<PhotoStore, 'keep'>;
  readonly #options: GateRecordsOptions;
  readonly #zone: string;
  readonly #profile: EnforcedProfile;
  readonly #tally = new DeletionTally();
  readonly #doubtful: DoubtfulTimes;
  readonly #access: RecordsAvailable;
  #minuteDueMs: number;
  #hourDueMs: number;
  readonly #attempts: Attempts;

  constructor(options: GateRecordsOptions, outbox: DiskOutbox, keeper: ProfileKeeper) {
    this.#options = options;
    this.#zone = options.zone ?? 'local';
    this.outbox = outbox;
    this.#doubtful = new DoubtfulTimes(options.clock, this.#zone);
    this.#attempts = new Attempts(options.log);
    this.#access = new RecordsAvailable({ ...options, outbox }, this.#tally, this.#attempts);
    this.#profile = new EnforcedProfile({
      ...options,
      keeper,
      outbox,
      access: this.#access,
      tally: this.#tally,
      attempts: this.#attempts,
    });
    this.#minuteDueMs = options.clock.nowMs() + MINUTE_MS;
    this.#hourDueMs = options.clock.nowMs() + HOUR_MS;
    this.photos = { keep: (visitNumber, sealed) => this.#keepPhoto(visitNumber, sealed) };
  }

  get nextNumber(): number {
    return this.#access.nextNumber;
  }

  /** @throws StoreError `locked` or `no-folder` */
  async open(): Promise<void> {
    const { directory } = this.#options;
    try {
      await this.#access.opened();
    } catch (error) {
      const { code } = asStoreError(error, '');
      // No patience mends these two.
      if (code === 'locked' || code === 'no-folder') throw error;
      this.#access.seen((await readNextNumber(directory).catch(() => 1)) - 1);
      const alerts = await readAlerts(directory).catch(() => null);
      if (alerts !== null) await this.outbox.found(alerts, null);
    }
    await this.#profile.start();
    await this.#attempts.make('deleting what is too old', () => this.#deleteOld());
  }

  state(): RecordsState {
    return { profile: this.#profile.judge(), health: this.#access.health };
  }

  verdicts(): readonly CheckVerdict[] {
    return checkVerdictsOf(this.#access.open?.folder.visits.visits() ?? []);
  }

  async append(visit: Visit): Promise<void> {
    this.#access.seen(visit.number);
    const profile = this.#profile.judge();
    if (profile > 1) this.#doubtful.note(visit);
    try {
      if (profile > 0) await this.#keep(visit, profile);
      // The profile may have fallen since the visitor was photographed.
      if (profile < 3) await this.#access.open?.folder.photos.delete([visit.number]);
      this.outbox.written(visit.number, null);
    } catch (error) {
      const failure = asStoreError(error, `recording visit ${visit.number}`);
      // Its alert waits no longer for that.
      this.outbox.written(visit.number, failure);
      await this.#access.open?.folder.photos.delete([visit.number]).catch(() => undefined);
      throw this.#access.failed(failure);
    }
  }

  async tend(): Promise<void> {
    const { directory, audit, clock } = this.#options;
    await this.#profile.settled();
    await this.#attempts.make('answering requests', () =>
      answerRequests(directory, async (request) => {
        const { folder } = await this.#access.opened();
        return applyChange(folder.visits, audit, request);
      }),
    );
    const { open } = this.#access;
    if (open !== null) {
      await this.#attempts.make('putting times right', () =>
        this.#doubtful.putRight(open.folder.visits, audit),
      );
    }
    if (clock.nowMs() >= this.#minuteDueMs) {
      this.#minuteDueMs = clock.nowMs() + MINUTE_MS;
      await this.#everyMinute();
    }
    if (clock.nowMs() >= this.#hourDueMs) {
      this.#hourDueMs = clock.nowMs() + HOUR_MS;
      await this.#attempts.make('deleting what is too old', () => this.#deleteOld());
      await this.#attempts.make('telling the audit trail', () => this.#tally.tell(audit));
    }
  }

  async enterCheck({ visit, result, temperatureC, by }: Parameters<GateRecords['enterCheck']>[0]) {
    const { clock, audit } = this.#options;
    const time = isoSeconds(clock.wallTime().unixMs, this.#zone);
    const check = { result, temperature_c: temperatureC, time };
    try {
      const { folder } = await this.#access.opened();
      await applyChange(folder.visits, audit, { kind: 'check', number: visit, check, by });
      return 'entered';
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-found') return 'not-found';
      throw error;
    }
  }

  async countsOf(day: string): Promise<DayCounts | null> {
    const { profile } = this.#profile;
    if (profile === 0) return null;
    const { counts } = await this.#access.opened();
    if (profile === 1) return counts.of(day);
    return countsOfDay(await readVisits(this.#options.directory), day);
  }

  async close(): Promise<void> {
    await this.#profile.settled();
    await this.#access.close();
    await this.#attempts.make('telling the audit trail', () => this.#tally.tell(this.#options.audit));
  }

  async #keep(visit: Visit, profile: StorageProfile): Promise<void> {
    const { folder, counts } = await this.#access.opened();
    const { timeMs, timeTrusted } = visit;
    if (profile === 1) await counts.add(visit, timeTrusted ? isoDay(timeMs, this.#zone) : null);
    else await folder.visits.append(visit);
    this.#access.wentWell();
  }

  async #keepPhoto(visitNumber: number, sealed: Uint8Array): Promise<void> {
    if (this.#profile.judge() < 3) return;
    const { folder } = await this.#access.opened();
    await folder.photos.keep(visitNumber, sealed);
  }

  async #everyMinute(): Promise<void> {
    const { directory } = this.#options;
    await this.#profile.tend();
    if (
      this.#access.open !== null &&
      this.#access.health !== 'ok' &&
      (await whyNotWritable(directory)) === null
    ) {
      this.#access.wentWell();
    }
  }

  /** By a synchronised clock only. */
  async #deleteOld(): Promise<void> {
    const { clock, records } = this.#options;
    const { unixMs, trusted } = clock.wallTime();
    if (!trusted || this.#access.open === null) return;
    const { folder, counts } = this.#access.open;
    const { maximumAgeDays } = records;
    const deleted = await folder.visits.erase((kept) => expiredVisits(kept, maximumAgeDays, unixMs));
    this.#tally.add('age', deleted);
    const oldest = isoDay(unixMs - maximumAgeDays * DAY_MS, this.#zone);
    await counts.settle(isoDay(unixMs, this.#zone), oldest);
  }
}
