import { createHash } from 'node:crypto';
import { PHOTO_KEY_BYTES } from './photo-cipher.ts';

/** One place for one key in the key file. A power of two, so that no slot lies on two blocks of a disk. */
export const SLOT_BYTES = 64;

/** A key of a photo, or null where it was destroyed. */
export type KeySlot = Readonly<{ visitNumber: number; key: Uint8Array | null }>;

const NUMBER_BYTES = 8;
const KEY_END = NUMBER_BYTES + PHOTO_KEY_BYTES;
const CHECK_BYTES = 16;
const NO_KEY = new Uint8Array(PHOTO_KEY_BYTES);

/**
 * A slot as it is written: visit number (8 bytes, high byte first), key (32; zeros once destroyed), the first 16 bytes of
 * SHA-256 over both, zeros.
 */
export function slotBytes({ visitNumber, key }: KeySlot): Uint8Array {
  const bytes = Buffer.alloc(SLOT_BYTES);
  bytes.writeBigUInt64BE(BigInt(visitNumber));
  bytes.set(key ?? NO_KEY, NUMBER_BYTES);
  bytes.set(checkOf(bytes), KEY_END);
  return bytes;
}

/** The slots of a key file in their order; null where one is torn, or cut off at the end. */
export function readSlots(file: Buffer): readonly (KeySlot | null)[] {
  return Array.from({ length: Math.ceil(file.length / SLOT_BYTES) }, (_, at) =>
    readSlot(file.subarray(at * SLOT_BYTES, (at + 1) * SLOT_BYTES)),
  );
}

function readSlot(bytes: Buffer): KeySlot | null {
  if (!bytes.subarray(KEY_END, KEY_END + CHECK_BYTES).equals(checkOf(bytes))) return null;
  const visitNumber = Number(bytes.readBigUInt64BE());
  const key = bytes.subarray(NUMBER_BYTES, KEY_END);
  return { visitNumber, key: key.equals(NO_KEY) ? null : key };
}

function checkOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes.subarray(0, KEY_END)).digest().subarray(0, CHECK_BYTES);
}
