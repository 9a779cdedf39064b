import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { PRIVATE_FILE, syncFolder } from './durable-file.ts';
import { PHOTO_KEY_BYTES } from './photo-cipher.ts';
import { type KeySlot, readSlot, readSlots, SLOT_BYTES, slotBytes } from './photo-key-slots.ts';
import { StoreError } from './store-error.ts';

/** Visits are numbered from 1. */
const NO_VISIT = 0;
/** Keys made at once, for the visits to come: what fills a page of a disk is written once, not for each of them. */
const KEYS_AHEAD = 64;

/** When a destroyed key is overwritten on disk: before anything goes on, or as soon as the system writes its pages. */
export type Destruction = 'at-once' | 'soon';

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
      await handle.datasync();
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

  /** The key of a visit's photo, safe on disk; made if there is none, with those of the visits that follow. */
  async keyOf(visitNumber: number): Promise<Uint8Array> {
    if (!this.#slots.has(visitNumber)) await this.#makeAhead(visitNumber);
    const bytes = Buffer.alloc(SLOT_BYTES);
    await this.#handle.read(bytes, 0, SLOT_BYTES, (this.#slots.get(visitNumber) ?? 0) * SLOT_BYTES);
    const slot = readSlot(bytes);
    if (slot?.key == null || slot.visitNumber !== visitNumber)
      throw new StoreError('malformed', `the key of visit ${visitNumber} is not what was written`);
    return slot.key;
  }

  async #makeAhead(visitNumber: number): Promise<void> {
    const numbers = Array.from({ length: KEYS_AHEAD }, (_, ahead) => visitNumber + ahead);
    const added = new Map<number, number>();
    let length = this.#length;
    for (const number of numbers.filter((one) => !this.#slots.has(one))) {
      const at = this.#free.at(-1 - added.size) ?? length++;
      const key = randomBytes(PHOTO_KEY_BYTES);
      await this.#write(at, { visitNumber: number, key });
      key.fill(0);
      added.set(number, at);
    }
    await this.#handle.datasync();
    this.#free.length = Math.max(0, this.#free.length - added.size);
    this.#length = length;
    for (const [number, at] of added) this.#slots.set(number, at);
  }

  /** Resolves when the keys of these visits are overwritten, on disk too if `at-once`. */
  async destroy(visitNumbers: readonly number[], when: Destruction): Promise<void> {
    // Each once: a slot given back twice would be given to two photos.
    const gone = [...new Set(visitNumbers)].flatMap((visitNumber) => {
      const at = this.#slots.get(visitNumber);
      return at === undefined ? [] : [{ at, visitNumber }];
    });
    if (gone.length === 0) return;
    await this.#blank(gone);
    if (when === 'at-once') await this.#handle.datasync();
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
