import { open, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from './store-error.ts';

/** Records are their owner's alone. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;
/** Ending of a file that is not finished; removed at the next opening. */
export const UNFINISHED = '.tmp';

/** Replaces a file as a whole: after a crash it holds either the old text or the new one. */
export async function replaceFile(file: string, text: string | Uint8Array): Promise<void> {
  const unfinished = `${file}${UNFINISHED}`;
  const handle = await open(unfinished, 'w', PRIVATE_FILE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
  await syncFolder(path.dirname(file));
}

/** Makes created, renamed and removed files of a folder last. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file that may not be there. */
export async function removeFile(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
}

/** Whether there is something of that name. Rejects with the file system's error. */
export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}
