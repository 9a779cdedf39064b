import type { Alert, NumberedAlert } from '../../domain/alert.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import type { KeptAlert } from '../../records/visit-place.ts';
import { waitingAlert } from '../../records/waiting-alert.ts';
import type { AlertsFound, Companions } from './disk-visit-store.ts';
import { leaveOldAlerts } from './old-alerts.ts';
import { asStoreError, type StoreError } from './store-error.ts';

/** Alerts of visits so far back are deleted, as the visits themselves are; so no more than that wait. */
const CAP_VISITS = 25_000;

export type DiskOutboxOptions = Readonly<{
  /** The folder of the records. */
  directory: string;
  /** What the ids of this gate's alerts begin with. */
  gateId: string;
}>;

/** Where it is kept that alerts were delivered. */
type DeliveredNote = (visitNumbers: readonly number[]) => Promise<void>;

/**
 * Alerts that wait, each kept in the line of its visit and nowhere else: written and deleted with it. Where visits are not
 * kept, or cannot be, alerts are in memory only.
 */
export class DiskOutbox
  implements AlertOutbox, Pick<Companions, 'alertOf' | 'lastUnkeptAlert' | 'written' | 'forget'>
{
  readonly #options: DiskOutboxOptions;
  /** By id, oldest first. */
  readonly #pending = new Map<string, NumberedAlert>();
  /** Alerts whose visits are not written yet, by their visits' numbers. */
  readonly #coming = new Map<number, Coming>();
  /** Of a version before, and without a visit, by id. */
  readonly #stray = new Map<string, NumberedAlert>();
  /** Visits whose alerts were delivered, which no line tells yet. */
  readonly #delivered = new Set<number>();
  /** The last number given away. */
  #sequence = 0;
  #lastUnkept = 0;
  #onDisk: boolean = true;
  #note: DeliveredNote | null = null;
  #noting: Promise<void> = Promise.resolve();

  constructor(options: DiskOutboxOptions) {
    this.#options = options;
  }

  add(alert: Alert): ReturnType<AlertOutbox['add']> {
    const numbered = { ...alert, sequence: ++this.#sequence };
    this.#pending.set(alert.id, numbered);
    // Oldest first: the first that is young enough ends the search.
    for (const [id, { visitNumber }] of this.#pending) {
      if (visitNumber > alert.visitNumber - CAP_VISITS) break;
      this.#pending.delete(id);
    }
    if (!this.#onDisk) return { alert: numbered, kept: Promise.resolve() };
    const kept = new Promise<void>((resolve, reject) => {
      this.#coming.set(alert.visitNumber, { alert: numbered, kept: resolve, failed: reject });
    });
    return { alert: numbered, kept };
  }

  async acknowledge(id: string): Promise<void> {
    const alert = this.#pending.get(id);
    if (alert === undefined) return;
    this.#pending.delete(id);
    if (!this.#onDisk) return;
    this.#delivered.add(alert.visitNumber);
    // Where the disk is not there yet, opening it tells.
    if (this.#note !== null) await this.#tellDelivered(this.#note);
    await this.#dropStray([id]);
  }

  holds(id: string): boolean {
    return this.#pending.has(id);
  }

  pending(): readonly NumberedAlert[] {
    return [...this.#pending.values()];
  }

  /**
   * Takes in the alerts that wait on disk.
   * @param note takes note of delivered ones; null: the disk can only be read so far
   */
  async found({ waiting, stray, last }: AlertsFound, note: DeliveredNote | null): Promise<void> {
    this.#note = note;
    this.#sequence = Math.max(this.#sequence, last);
    if (!this.#onDisk) return;
    const { gateId } = this.#options;
    const onDisk = [...stray, ...waiting.flatMap((kept) => waitingAlert(kept, gateId) ?? [])];
    const still = onDisk.filter(({ visitNumber }) => !this.#delivered.has(visitNumber));
    const all = [...still, ...this.#pending.values()].sort((a, b) => a.sequence - b.sequence);
    this.#pending.clear();
    for (const alert of all) this.#pending.set(alert.id, alert);
    this.#stray.clear();
    for (const alert of stray) this.#stray.set(alert.id, alert);
    if (note !== null) await this.#tellDelivered(note);
  }

  /**
   * False deletes every alert that waits, but for what is in the lines of visits, and keeps later ones in memory only; true
   * keeps later ones with their visits again. Rejects with StoreError.
   */
  async keepOnDisk(kept: boolean): Promise<void> {
    const before = this.#onDisk;
    this.#onDisk = kept;
    if (kept) return;
    if (before) this.#pending.clear();
    for (const coming of this.#coming.values()) coming.kept();
    this.#coming.clear();
    this.#delivered.clear();
    await this.#dropStray([...this.#stray.keys()]);
  }

  alertOf(visitNumber: number): KeptAlert | null {
    const coming = this.#coming.get(visitNumber);
    if (coming === undefined) return null;
    const { id, sequence, timeMs } = coming.alert;
    return { sequence, waitsSinceMs: this.#pending.has(id) ? Math.round(timeMs) : null };
  }

  lastUnkeptAlert(): number {
    return this.#lastUnkept;
  }

  written(visitNumber: number, failure: StoreError | null): void {
    const coming = this.#coming.get(visitNumber);
    if (coming === undefined) return;
    this.#coming.delete(visitNumber);
    if (failure === null) {
      coming.kept();
      return;
    }
    this.#lastUnkept = Math.max(this.#lastUnkept, coming.alert.sequence);
    coming.failed(failure);
  }

  async forget(visitNumbers: readonly number[]): Promise<void> {
    const gone = new Set(visitNumbers);
    const forgotten = this.pending().filter(({ visitNumber }) => gone.has(visitNumber));
    for (const { id } of forgotten) this.#pending.delete(id);
    await this.#dropStray(forgotten.map(({ id }) => id));
  }

  /** What comes while one note is under way is taken together in the next. */
  #tellDelivered(note: DeliveredNote): Promise<void> {
    const told = this.#noting.then(async () => {
      const numbers = [...this.#delivered];
      if (numbers.length === 0) return;
      await note(numbers);
      // Where it failed the next one tries again.
      for (const number of numbers) this.#delivered.delete(number);
    });
    this.#noting = told.catch(() => undefined);
    return told;
  }

  async #dropStray(ids: readonly string[]): Promise<void> {
    const before = this.#stray.size;
    for (const id of ids) this.#stray.delete(id);
    if (this.#stray.size === before) return;
    const { directory } = this.#options;
    await leaveOldAlerts(directory, [...this.#stray.values()]).catch((error: unknown) => {
      throw asStoreError(error, `alerts of before in ${directory}`);
    });
  }
}

type Coming = Readonly<{
  alert: NumberedAlert;
  kept: () => void;
  failed: (error: StoreError) => void;
}>;
