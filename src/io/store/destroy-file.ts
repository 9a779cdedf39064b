import { randomFillSync } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './durable-file.ts';

const CHUNK_BYTES = 65_536;

/**
 * Overwrites a file with random bytes, safe on disk, and removes it. Flash memory writes elsewhere than where the old
 * bytes are: they stay until its controller reuses the place.
 * @returns bytes overwritten
 */
export async function destroyFile(file: string): Promise<number> {
  // A link would lead to somebody else's file.
  const handle = await open(file, constants.O_WRONLY | constants.O_NOFOLLOW);
  let size: number;
  try {
    size = await destroyContent(handle);
    await handle.truncate(0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await unlink(file);
  await syncFolder(path.dirname(file));
  return size;
}

/**
 * Overwrites an open file with random bytes, safe on disk, whatever its name leads to now.
 * @returns bytes overwritten
 */
export async function destroyContent(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const noise = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    randomFillSync(noise);
    await handle.write(noise, 0, Math.min(CHUNK_BYTES, size - at), at);
  }
  await handle.sync();
  return size;
}
