import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type OutboxLine, parseOutboxLine } from '../../alerts/stored-alert.ts';
import type { Alert } from '../../domain/alert.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import { type AppendFile, openAppendFile } from './append-file.ts';
import { PRIVATE_FOLDER, removeFile, replaceFile, UNFINISHED } from './durable-file.ts';
import { acquireLock } from './lock.ts';
import { asStoreError, StoreError } from './store-error.ts';

/** Alerts kept while no broker takes them; the oldest go first. */
const CAP_ALERTS = 1000;
/** Alerts of visits so far back are deleted, as the visits themselves are. */
const CAP_VISITS = 25_000;
/** Lines after which the file is written anew. */
const COMPACT_AT_LINES = 4 * CAP_ALERTS;

/** Alerts on disk, or only in memory while nothing of them may be kept. */
export interface DiskOutbox extends AlertOutbox {
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
  readonly #pending = new Map<string, Alert>();
  #onDisk: boolean = true;
  #unlock: (() => Promise<void>) | null = null;
  #file: AppendFile | null = null;
  #lines = 0;
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

  add(alert: Alert): Promise<void> {
    this.#take({ alert });
    return this.#inTurn(() => this.#write({ alert }));
  }

  acknowledge(id: string): Promise<void> {
    if (!this.#pending.has(id)) return Promise.resolve();
    this.#take({ acknowledged: id });
    return this.#inTurn(() => this.#write({ acknowledged: id }));
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

  pending(): readonly Alert[] {
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
    this.#pending.set(line.alert.id, line.alert);
    for (const [id, { visitNumber }] of this.#pending) {
      const old = visitNumber <= line.alert.visitNumber - CAP_VISITS;
      if (old || this.#pending.size > CAP_ALERTS) this.#pending.delete(id);
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

  async #write(line: OutboxLine): Promise<void> {
    if (!this.#onDisk) return;
    if (this.#file === null || this.#lines >= COMPACT_AT_LINES) {
      await this.#compact();
    } else if (this.#pending.size === 0) {
      // The usual case: the broker has everything, and nothing is left on disk.
      await this.#file.clear();
      this.#lines = 0;
    } else {
      await this.#file.append(`${JSON.stringify(line)}\n`);
      this.#lines++;
    }
  }

  /** Writes the file anew with what waits; first of all where it could not be written before. */
  async #compact(): Promise<void> {
    if (!this.#onDisk) return;
    if (this.#unlock === null) {
      await mkdir(this.#directory, { recursive: true, mode: PRIVATE_FOLDER });
      this.#unlock = await acquireLock(path.join(this.#directory, 'alerts.lock'));
    }
    const lines = this.pending().map((alert) => `${JSON.stringify({ alert })}\n`);
    const text = lines.join('');
    await this.#file?.close();
    this.#file = null;
    await replaceFile(this.#path, text);
    this.#file = await openAppendFile(this.#path, Buffer.byteLength(text));
    this.#lines = lines.length;
  }
}
