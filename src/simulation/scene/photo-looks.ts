import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { FIGURE } from './figure.ts';
import { ScenarioError } from './scenario.ts';
import { photoSprite, type Sprite } from './sprite.ts';

/** Photos to show instead of drawn faces. */
export type PhotoLooks = Readonly<{ worn: readonly Sprite[]; 'not-worn': readonly Sprite[] }>;

/** Part of a photo's width that its face fills. */
const FACE_SHARE = 0.6;
/** More than enough for variety, and no more memory than a gate has. */
const MOST_PHOTOS = 24;
const SIDE_M = FIGURE.faceWidthM / FACE_SHARE;
const PLACEMENT = { left: -SIDE_M / 2, top: -SIDE_M / 2, width: SIDE_M, height: SIDE_M };

/** Reads DIR/mask and DIR/no-mask, the first 24 photos of each by name. Rejects with ScenarioError. */
export async function photoLooks(dir: string): Promise<PhotoLooks> {
  const [worn, notWorn] = await Promise.all([
    photosOf(path.join(dir, 'mask')),
    photosOf(path.join(dir, 'no-mask')),
  ]);
  return { worn, 'not-worn': notWorn };
}

async function photosOf(folder: string): Promise<Sprite[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new ScenarioError(`${folder}: cannot be read`, { cause });
  });
  const photos = names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  if (photos.length === 0) throw new ScenarioError(`${folder}: no photos (.jpg, .png or .webp)`);
  return Promise.all(
    photos.slice(0, MOST_PHOTOS).map((name) => {
      const file = path.join(folder, name);
      return photoSprite(file, PLACEMENT).catch((cause: unknown) => {
        throw new ScenarioError(`${file}: not a photo`, { cause });
      });
    }),
  );
}
