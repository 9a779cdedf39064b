import { unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PRIVATE_FILE } from './durable-file.ts';
import { asStoreError, type StoreErrorCode } from './store-error.ts';

/** As much as a visit takes at most, bytes. */
const PROBE_BYTES = 8192;

/** Why nothing can be written to an existing folder, found by trying; null: it can. */
export async function whyNotWritable(folder: string): Promise<StoreErrorCode | null> {
  const file = path.join(folder, `probe-${process.pid}.tmp`);
  try {
    await writeFile(file, Buffer.alloc(PROBE_BYTES), { mode: PRIVATE_FILE });
    return null;
  } catch (error) {
    return asStoreError(error, folder).code;
  } finally {
    await unlink(file).catch(() => undefined);
  }
}
