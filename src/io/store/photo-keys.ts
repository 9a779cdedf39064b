import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { PRIVATE_FILE, syncFolder } from './durable-file.ts';
import { type KeySlot, readSlots, SLOT_BYTES, slotBytes } from './photo-key-slots.ts';

/** Visits are numbered from 1. */
const NO_VISIT = 0;

/**
 * The photos' own keys, one slot each in one file, written in place: so that a key is overwritten where it lies, which
 * removing a file would not do. Keys are not held in memory.
 */
export class PhotoKeys {
  readonly #handle: FileHandle;
  /** The slot of each visit with a key. */
  readonly #slots = new Map<number, number>();
  readonly #toldDestroyed = new Set<number>();
  /** Slots without a key, the next to use last. */
  readonly #free: number[] = [];
  #length: number;

  private constructor(handle: FileHandle, found: readonly (KeySlot | null)[]) {
    this.#handle = handle;
    this.#length = found.length;
    for (const [at, slot] of found.entries()) {
      if (slot !== null && slot.key !== null) this.#slots.set(slot.visitNumber, at);
      else this.#free.push(at);
      if (slot?.key === null) this.#toldDestroyed.add(slot.visitNumber);
    }
  }

  /** Opens or creates the key file; what a torn write has left of a key is overwritten. */
  static async open(file: string): Promise<PhotoKeys> {
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT, PRIVATE_FILE);
    try {
      const bytes = await handle.readFile();
      const found = readSlots(bytes);
      const keys = new PhotoKeys(handle, found);
      bytes.fill(0);
      const torn = found.flatMap((slot, at) => (slot === null ? [{ at, visitNumber: NO_VISIT }] : []));
      if (torn.length > 0) await keys.#blank(torn);
      await syncFolder(path.dirname(file));
      return keys;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Numbers of the visits with a key. */
  numbers(): readonly number[] {
    return [...this.#slots.keys()];
  }

  /** Whether this file, as it was opened, tells that the key was destroyed. */
  toldDestroyed(visitNumber: number): boolean {
    return this.#toldDestroyed.has(visitNumber);
  }

  /** Resolves when the key is safe on disk, in place of one that this visit may have had. */
  async add(visitNumber: number, key: Uint8Array): Promise<void> {
    const at = this.#slots.get(visitNumber) ?? this.#free.at(-1) ?? this.#length;
    await this.#write(at, { visitNumber, key });
    await this.#handle.datasync();
    if (at === this.#free.at(-1)) this.#free.pop();
    this.#length = Math.max(this.#length, at + 1);
    this.#slots.set(visitNumber, at);
  }

  /** Resolves when the keys of these visits are overwritten on disk. */
  async destroy(visitNumbers: readonly number[]): Promise<void> {
    // Each once: a slot given back twice would be given to two photos.
    const gone = [...new Set(visitNumbers)].flatMap((visitNumber) => {
      const at = this.#slots.get(visitNumber);
      return at === undefined ? [] : [{ at, visitNumber }];
    });
    if (gone.length === 0) return;
    await this.#blank(gone);
    for (const { at, visitNumber } of gone) {
      this.#slots.delete(visitNumber);
      this.#free.push(at);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #blank(slots: readonly Readonly<{ at: number; visitNumber: number }>[]): Promise<void> {
    for (const { at, visitNumber } of slots) await this.#write(at, { visitNumber, key: null });
    await this.#handle.datasync();
  }

  async #write(at: number, slot: KeySlot): Promise<void> {
    const bytes = slotBytes(slot);
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        at * SLOT_BYTES + done,
      );
      done += bytesWritten;
    }
    bytes.fill(0);
  }
}
