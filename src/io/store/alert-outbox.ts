import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type OutboxLine, parseOutboxLine } from '../../alerts/stored-alert.ts';
import type { Alert, NumberedAlert } from '../../domain/alert.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import { type AppendFile, openAppendFile } from './append-file.ts';
import { PRIVATE_FOLDER, removeFile, replaceFile, UNFINISHED } from './durable-file.ts';
import { acquireLock } from './lock.ts';
import { asStoreError, StoreError } from './store-error.ts';

/** Alerts of visits so far back are deleted, as the visits themselves are; so no more than that wait. */
const CAP_VISITS = 25_000;
/** The file is written anew once it has so many lines that tell nothing any more. */
const COMPACT_AT_SPENT_LINES = 4000;

/** Alerts on disk, or only in memory while nothing of them may be kept. */
export interface DiskOutbox extends AlertOutbox {
  /** Number of the last visit told, 0: none; it may not be kept, for its alert comes first. */
  readonly lastVisit: number;
  /**
   * False deletes every alert that waits, on disk too, and keeps later ones in memory only; true keeps later ones on
   * disk again. Rejects with StoreError.
   */
  keepOnDisk(kept: boolean): Promise<void>;
}

/**
 * Opens the outbox of a folder, one process at a time. Unreadable lines are dropped. Where the disk is full or cannot be
 * written, alerts wait in memory until it can.
 * @throws StoreError `locked`
 */
export async function openOutbox(directory: string): Promise<DiskOutbox> {
  const outbox = new FileOutbox(directory);
  await outbox.load();
  return outbox;
}

class FileOutbox implements DiskOutbox {
  readonly #directory: string;
  readonly #path: string;
  readonly #pending = new Map<string, NumberedAlert>();
  /** The last number given away. */
  #sequence = 0;
  lastVisit = 0;
  #onDisk: boolean = true;
  #unlock: (() => Promise<void>) | null = null;
  #file: AppendFile | null = null;
  #lines = 0;
  /** What the file does not say yet. */
  #unwritten: OutboxLine[] = [];
  /** Everything that touches the file, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = path.join(directory, 'alerts.ndjson');
  }

  async load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
      const entry = parseOutboxLine(line);
      if (entry !== null) this.#take(entry);
    }
    await this.#inTurn(() => this.#compact()).catch((error: unknown) => {
      if (error instanceof StoreError && error.code === 'locked') throw error;
    });
  }

  add(alert: Alert): ReturnType<AlertOutbox['add']> {
    const numbered = { ...alert, sequence: this.#sequence + 1 };
    this.#take({ alert: numbered });
    return { alert: numbered, kept: this.#write({ alert: numbered }) };
  }

  acknowledge(id: string): Promise<void> {
    if (!this.#pending.has(id)) return Promise.resolve();
    this.#take({ acknowledged: id });
    return this.#write({ acknowledged: id });
  }

  async forget(visitNumbers: ReadonlySet<number>): Promise<void> {
    const gone = [...this.#pending.values()].filter(({ visitNumber }) => visitNumbers.has(visitNumber));
    if (gone.length === 0) return;
    for (const { id } of gone) this.#pending.delete(id);
    await this.#inTurn(() => this.#compact());
  }

  async keepOnDisk(kept: boolean): Promise<void> {
    const before = this.#onDisk;
    this.#onDisk = kept;
    if (kept) return;
    if (before) this.#pending.clear();
    this.#unwritten = [];
    await this.#inTurn(async () => {
      await this.#file?.close();
      this.#file = null;
      await removeFile(this.#path);
      await removeFile(`${this.#path}${UNFINISHED}`);
    });
  }

  holds(id: string): boolean {
    return this.#pending.has(id);
  }

  pending(): readonly NumberedAlert[] {
    return [...this.#pending.values()];
  }

  async close(): Promise<void> {
    await this.#work;
    await this.#file?.close();
    this.#file = null;
    await this.#unlock?.();
    this.#unlock = null;
  }

  #take(line: OutboxLine): void {
    if ('acknowledged' in line) {
      this.#pending.delete(line.acknowledged);
      return;
    }
    if ('sequence' in line) {
      this.#sequence = Math.max(this.#sequence, line.sequence);
      this.lastVisit = Math.max(this.lastVisit, line.visit);
      return;
    }
    this.#sequence = Math.max(this.#sequence, line.alert.sequence);
    this.lastVisit = Math.max(this.lastVisit, line.alert.visitNumber);
    this.#pending.set(line.alert.id, line.alert);
    // Oldest first: the first that is young enough ends the search.
    for (const [id, { visitNumber }] of this.#pending) {
      if (visitNumber > line.alert.visitNumber - CAP_VISITS) break;
      this.#pending.delete(id);
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      try {
        await work();
      } catch (error) {
        throw asStoreError(error, `alert outbox of ${this.#directory}`);
      }
    });
    this.#work = done.catch(() => undefined);
    return done;
  }

  /** Whatever has come while another write was under way goes to disk with one sync. */
  #write(line: OutboxLine): Promise<void> {
    this.#unwritten.push(line);
    return this.#inTurn(() => this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    if (!this.#onDisk) this.#unwritten = [];
    if (this.#unwritten.length === 0) return;
    const spent = this.#lines - this.#pending.size;
    // Nothing waiting is the usual case: the broker has everything, and only a number is left on disk.
    if (this.#file === null || this.#pending.size === 0 || spent >= COMPACT_AT_SPENT_LINES) {
      await this.#compact();
      return;
    }
    const lines = this.#unwritten;
    this.#unwritten = [];
    try {
      await this.#file.append(lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
      this.#lines += lines.length;
    } catch (error) {
      // Whose turn is next tries them again, or learns of it too.
      this.#unwritten.unshift(...lines);
      throw error;
    }
  }

  /** Writes the file anew with what waits; first of all where it could not be written before. */
  async #compact(): Promise<void> {
    if (!this.#onDisk) return;
    if (this.#unlock === null) {
      await mkdir(this.#directory, { recursive: true, mode: PRIVATE_FOLDER });
      this.#unlock = await acquireLock(path.join(this.#directory, 'alerts.lock'));
    }
    const told = this.#unwritten.length;
    const kept: OutboxLine[] = this.pending().map((alert) => ({ alert }));
    if (this.#sequence > 0) kept.unshift({ sequence: this.#sequence, visit: this.lastVisit });
    const lines = kept.map((line) => `${JSON.stringify(line)}\n`);
    const text = lines.join('');
    await this.#file?.close();
    this.#file = null;
    await replaceFile(this.#path, text);
    this.#file = await openAppendFile(this.#path, Buffer.byteLength(text));
    this.#lines = lines.length;
    // Those that came meanwhile are not in it.
    this.#unwritten.splice(0, told);
  }
}
