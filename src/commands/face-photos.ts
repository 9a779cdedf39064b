import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from './command-error.ts';

/** The pictures to evaluate on, by what they show; paths in order of their names. */
export type FacePhotos = Readonly<{
  mask: readonly string[];
  noMask: readonly string[];
  /** Null: there is no such folder. */
  noFace: readonly string[] | null;
}>;

const PICTURE = /\.(jpe?g|png)$/i;

/** Lists `mask/`, `no-mask/` and, where there is one, `no-face/`. @throws CommandError naming what is missing */
export async function facePhotosIn(folder: string): Promise<FacePhotos> {
  const [mask, noMask, noFace] = await Promise.all(
    ['mask', 'no-mask', 'no-face'].map((name) => picturesIn(path.join(folder, name))),
  );
  if (mask === null && noMask === null) {
    throw new CommandError(
      `${folder}: no such folder, or neither mask/ nor no-mask/ in it: put the photos of masked and of bare faces there`,
    );
  }
  if ((mask ?? []).length + (noMask ?? []).length === 0) {
    throw new CommandError(`${folder}: mask/ and no-mask/ hold no JPEG or PNG picture`);
  }
  return { mask: mask ?? [], noMask: noMask ?? [], noFace: noFace ?? null };
}

async function picturesIn(folder: string): Promise<string[] | null> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => PICTURE.test(name))
      .sort()
      .map((name) => path.join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new CommandError(
      `cannot read ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** At most `limit` of them, taken evenly, so that a part of a sorted folder is like the whole. */
export function evenly<Item>(items: readonly Item[], limit: number): readonly Item[] {
  if (items.length <= limit) return items;
  return Array.from(
    { length: limit },
    (_, index) => items[Math.floor((index * items.length) / limit)],
  ).filter((item) => item !== undefined);
}
