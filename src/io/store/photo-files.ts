import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFile, UNFINISHED } from './durable-file.ts';
import { errnoOf } from './store-error.ts';

/** Where the photos of a folder of records lie: one file each, named after its visit, and one file with their keys. */
export type PhotoFiles = Readonly<{ folder: string; keys: string; photoOf: (visitNumber: number) => string }>;

const FOLDER = 'photos';
const KEYS = 'keys';
const NAME = /^(\d{9,})\.photo$/;

export function photoFiles(directory: string): PhotoFiles {
  const folder = path.join(directory, FOLDER);
  return {
    folder,
    keys: path.join(folder, KEYS),
    photoOf: (visitNumber) => path.join(folder, `${String(visitNumber).padStart(9, '0')}.photo`),
  };
}

/**
 * Numbers of the visits with a photo file, ascending; null when no photo was ever kept here. Removes what an interrupted
 * write has left.
 */
export async function listPhotos({ folder }: PhotoFiles): Promise<readonly number[] | null> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (names === null) return null;
  const numbers: number[] = [];
  for (const name of names) {
    if (name.endsWith(UNFINISHED)) await removeFile(path.join(folder, name));
    const digits = NAME.exec(name)?.[1];
    if (digits !== undefined) numbers.push(Number(digits));
  }
  return numbers.sort((a, b) => a - b);
}
