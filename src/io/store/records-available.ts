import type { Config } from '../../config/schema.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Log } from '../../ports/log.ts';
import type { RecordsHealth } from '../../ports/visit-records.ts';
import type { DiskOutbox } from './alert-outbox.ts';
import type { Attempts } from './attempts.ts';
import { CountsFile } from './counts-file.ts';
import type { DeletionTally } from './deletion-tally.ts';
import { openRecordFolder, type RecordFolder } from './record-folder.ts';
import { asStoreError, type StoreError, type StoreErrorCode } from './store-error.ts';

export type RecordsAvailableOptions = Readonly<{
  directory: string;
  records: Config['records'];
  outbox: DiskOutbox;
  audit: AuditTrail;
  log: Log;
  zone?: string;
}>;

/** What is open of a gate's records. */
export type OpenRecords = Readonly<{ folder: RecordFolder; counts: CountsFile }>;

/** A gate's records on a disk that may be full or not writable: opened as soon as they can be, and whether they can. */
export class RecordsAvailable {
  /** Above every number seen so far. */
  nextNumber = 1;
  health: RecordsHealth = 'ok';
  open: OpenRecords | null = null;
  readonly #options: RecordsAvailableOptions;
  readonly #tally: DeletionTally;
  readonly #attempts: Attempts;
  #opening: Promise<OpenRecords> | null = null;

  constructor(options: RecordsAvailableOptions, tally: DeletionTally, attempts: Attempts) {
    this.#options = options;
    this.#tally = tally;
    this.#attempts = attempts;
  }

  /** Takes note of a visit's number, stored or not. */
  seen(number: number): void {
    this.nextNumber = Math.max(this.nextNumber, number + 1);
  }

  /** The open records; opens them where that failed before. Rejects with StoreError. */
  opened(): Promise<OpenRecords> {
    if (this.open !== null) return Promise.resolve(this.open);
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  wentWell(): void {
    if (this.health !== 'ok') this.#options.log.info({}, 'visits are kept again');
    this.health = 'ok';
  }

  /** @returns the error itself, told to the log when it is news */
  failed(error: StoreError): StoreError {
    const health = HEALTH[error.code] ?? 'failing';
    if (this.health !== health && error.code !== 'locked') {
      this.#options.log.error({ code: error.code, error: error.message }, 'visits are not kept');
      this.health = health;
    }
    return error;
  }

  async close(): Promise<void> {
    const { open } = this;
    this.open = null;
    await open?.folder.close();
    await open?.counts.close();
  }

  async #openNow(): Promise<OpenRecords> {
    const { directory, records, outbox, audit, log, zone } = this.#options;
    try {
      const counts = await CountsFile.open(directory);
      const folder = await openRecordFolder({
        directory,
        capVisits: records.capVisits,
        outbox,
        log,
        ...(zone !== undefined && { zone }),
        onBeyondCap: (deleted) => this.#tally.add('cap', deleted),
      });
      const { repairs, beyondCap, nextNumber } = folder.visits;
      this.seen(nextNumber - 1);
      this.open = { folder, counts };
      this.#tally.add('cap', beyondCap);
      if (repairs.tornLines + repairs.badLines > 0) {
        await this.#attempts.make('telling the audit trail', () =>
          audit.append({ event: 'records-repaired', ...repairs }),
        );
      }
      this.wentWell();
      return this.open;
    } catch (error) {
      throw this.failed(asStoreError(error, `opening ${directory}`));
    }
  }
}

const HEALTH: Readonly<Partial<Record<StoreErrorCode, RecordsHealth>>> = {
  full: 'full',
  'read-only': 'read-only',
};
