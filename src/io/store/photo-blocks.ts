import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { type KeptPhoto, MOST_BLOCKS } from '../../records/visit-place.ts';
import { decryptPhoto } from './photo-cipher.ts';
import type { PlaceChange } from './place-file.ts';

/** A block of a disk, and a page of memory. */
export const BLOCK_BYTES = 4096;
export const NO_PHOTO: Uint8Array = Buffer.alloc(BLOCK_BYTES);
const LENGTH_BYTES = 4;

/** The file of photos of a folder of records. */
export function photosFile(directory: string): string {
  return path.join(directory, 'photos.sealed');
}

/** How many blocks an encrypted photo takes; null when it is larger than any still, and cannot be kept. */
export function blocksFor(encrypted: Uint8Array): number | null {
  const blocks = Math.ceil((LENGTH_BYTES + encrypted.length) / BLOCK_BYTES);
  return blocks > MOST_BLOCKS ? null : blocks;
}

/** An encrypted photo as it is written in these blocks: its length (4 bytes, high byte first), itself, and zeros. */
export function inBlocks(encrypted: Uint8Array, blocks: readonly number[]): readonly PlaceChange[] {
  const all = Buffer.alloc(blocks.length * BLOCK_BYTES);
  all.writeUInt32BE(encrypted.length);
  all.set(encrypted, LENGTH_BYTES);
  return blocks.map((place, index) => ({
    place,
    bytes: all.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES),
  }));
}

/** The sealed photo of a visit; null when its blocks do not hold what was written for it under its key. */
export async function photoInBlocks(
  file: FileHandle,
  visitNumber: number,
  { key, blocks }: KeptPhoto,
): Promise<Uint8Array | null> {
  const all = Buffer.alloc(blocks.length * BLOCK_BYTES);
  for (const [index, block] of blocks.entries())
    await file.read(all, index * BLOCK_BYTES, BLOCK_BYTES, block * BLOCK_BYTES);
  const length = all.readUInt32BE();
  if (length > all.length - LENGTH_BYTES) return null;
  return decryptPhoto(visitNumber, all.subarray(LENGTH_BYTES, LENGTH_BYTES + length), key);
}
