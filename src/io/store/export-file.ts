import { randomUUID } from 'node:crypto';
import { link, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { PRIVATE_FILE, removeFile, syncFolder, UNFINISHED } from './durable-file.ts';
import { asStoreError, errnoOf } from './store-error.ts';

/** What file systems without links, as on many USB sticks, answer. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Makes a file appear under its name as a whole, for its owner alone and safe on disk.
 * @param replace whether a file of that name may be replaced
 * @throws StoreError `full`, `read-only` or `io` (also where there is a file of that name)
 */
export async function publishFile(file: string, content: Uint8Array, replace: boolean): Promise<void> {
  const unfinished = `${file}.${randomUUID()}${UNFINISHED}`;
  try {
    try {
      await writeWhole(unfinished, content);
      if (replace) await rename(unfinished, file);
      else await nameNew(unfinished, file);
    } finally {
      await removeFile(unfinished);
    }
    await syncFolder(path.dirname(file));
  } catch (error) {
    throw asStoreError(error, `writing ${file}`);
  }
}

async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', PRIVATE_FILE);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function nameNew(unfinished: string, file: string): Promise<void> {
  try {
    await link(unfinished, file);
  } catch (error) {
    if (!NO_LINKS.includes(errnoOf(error))) throw error;
    // The name is taken first, so that another's file of that name stays.
    await (await open(file, 'wx', PRIVATE_FILE)).close();
    await rename(unfinished, file);
  }
}
