import { readFileSync } from 'node:fs';

/** One photo of one face. */
export type LabelledPhoto = Readonly<{ file: string; worn: boolean; heldOut: boolean }>;

/** One group in this many is held out. */
const HOLD_OUT_EVERY = 5;

/**
 * The photos of a folder with `index.csv` (file, group) and the labels as sub-folders `mask/`, `no-mask/`. Photos of a
 * group are near-duplicates, so a whole group is held out or none of it.
 */
export function labelledPhotos(folder: string): LabelledPhoto[] {
  const lines = readFileSync(`${folder}/index.csv`, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [file = '', group = ''] = line.trim().split(',');
    return {
      file: `${folder}/${file}`,
      worn: file.startsWith('mask/'),
      heldOut: mix(Number(group)) % HOLD_OUT_EVERY === 0,
    };
  });
}

/** Spreads group numbers, so that the held-out ones do not follow the order of the photos. */
function mix(group: number): number {
  const hashed = Math.imul(group ^ 0x9e37_79b9, 0x85eb_ca6b);
  return (hashed ^ (hashed >>> 13)) >>> 0;
}
