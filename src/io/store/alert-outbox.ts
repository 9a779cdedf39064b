import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type OutboxLine, parseOutboxLine } from '../../alerts/stored-alert.ts';
import type { Alert } from '../../domain/alert.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import { type AppendFile, openAppendFile } from './append-file.ts';
import { PRIVATE_FOLDER, replaceFile } from './durable-file.ts';
import { acquireLock } from './lock.ts';
import { asStoreError, errnoOf } from './store-error.ts';

/** Alerts kept while no broker takes them; the oldest go first. */
const CAP_ALERTS = 1000;
/** Alerts of visits so far back are deleted, as the visits themselves are. */
const CAP_VISITS = 25_000;
/** Lines after which the file is written anew. */
const COMPACT_AT_LINES = 4 * CAP_ALERTS;

/**
 * Opens the outbox of a folder, one process at a time. Unreadable lines are dropped.
 * @throws StoreError `locked`, `full`, `read-only` or `io`
 */
export async function openOutbox(directory: string): Promise<AlertOutbox> {
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_FOLDER });
    const unlock = await acquireLock(path.join(directory, 'alerts.lock'));
    try {
      const outbox = new FileOutbox(path.join(directory, 'alerts.ndjson'), unlock);
      await outbox.load();
      return outbox;
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    throw asStoreError(error, `opening ${directory}`);
  }
}

class FileOutbox implements AlertOutbox {
  readonly #path: string;
  readonly #unlock: () => Promise<void>;
  readonly #pending = new Map<string, Alert>();
  #file: AppendFile | null = null;
  #lines = 0;
  /** Everything that touches the file, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(file: string, unlock: () => Promise<void>) {
    this.#path = file;
    this.#unlock = unlock;
  }

  async load(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return '';
      throw error;
    });
    for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
      const entry = parseOutboxLine(line);
      if (entry !== null) this.#take(entry);
    }
    await this.#compact();
  }

  add(alert: Alert): Promise<void> {
    this.#take({ alert });
    return this.#write({ alert });
  }

  acknowledge(id: string): Promise<void> {
    if (!this.#pending.has(id)) return Promise.resolve();
    this.#take({ acknowledged: id });
    return this.#write({ acknowledged: id });
  }

  pending(): readonly Alert[] {
    return [...this.#pending.values()];
  }

  async close(): Promise<void> {
    await this.#work;
    await this.#file?.close();
    this.#file = null;
    await this.#unlock();
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

  #write(line: OutboxLine): Promise<void> {
    const done = this.#work.then(async () => {
      try {
        await this.#writeNow(line);
      } catch (error) {
        throw asStoreError(error, 'alert outbox');
      }
    });
    this.#work = done.catch(() => undefined);
    return done;
  }

  async #writeNow(line: OutboxLine): Promise<void> {
    // The usual case: the broker has everything, and nothing is left on disk.
    if (this.#pending.size === 0) {
      await this.#file?.clear();
      this.#lines = 0;
    } else if (this.#lines >= COMPACT_AT_LINES || this.#file === null) {
      await this.#compact();
    } else {
      await this.#file.append(`${JSON.stringify(line)}\n`);
      this.#lines++;
    }
  }

  async #compact(): Promise<void> {
    const lines = this.pending().map((alert) => `${JSON.stringify({ alert })}\n`);
    const text = lines.join('');
    await this.#file?.close();
    this.#file = null;
    await replaceFile(this.#path, text);
    this.#file = await openAppendFile(this.#path, Buffer.byteLength(text));
    this.#lines = lines.length;
  }
}
