import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { centreOf, type Rect } from '../../domain/geometry.ts';
import { ScenarioError } from './scenario.ts';
import { photoSprite, type Sprite } from './sprite.ts';

/** Photos to show instead of drawn faces. */
export type PhotoLooks = Readonly<{ worn: readonly Sprite[]; 'not-worn': readonly Sprite[] }>;

/** The one face of a photo: the detector's box and the photo's size, pixels. */
export type FaceInPhoto = Readonly<{ box: Rect; width: number; height: number }>;

/** Finds the face of a photo; null when there is none to be shown. */
export type FindFace = (file: string) => Promise<FaceInPhoto | null>;

/** More than enough for variety, and no more memory than a gate has. */
const MOST_PHOTOS = 24;
/** What the detector's box spans of a face, and how far its centre lies below the face's, metres. */
const BOX_WIDTH_M = 0.148;
const BOX_BELOW_M = 0.012;
/** A face narrower than this share of its photo is one of a crowd. */
const LEAST_SHARE = 0.25;

/**
 * Reads DIR/mask and DIR/no-mask, the first 24 photos of each by name in which a face is found, scaled so that faces
 * are life-size. Rejects with ScenarioError.
 */
export async function photoLooks(dir: string, findFace: FindFace): Promise<PhotoLooks> {
  const [worn, notWorn] = [
    await photosOf(path.join(dir, 'mask'), findFace),
    await photosOf(path.join(dir, 'no-mask'), findFace),
  ];
  return { worn, 'not-worn': notWorn };
}

async function photosOf(folder: string, findFace: FindFace): Promise<Sprite[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new ScenarioError(`${folder}: cannot be read`, { cause });
  });
  const photos = names.filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  const sprites: Sprite[] = [];
  for (const name of photos) {
    if (sprites.length === MOST_PHOTOS) break;
    const file = path.join(folder, name);
    const face = await findFace(file).catch((cause: unknown) => {
      throw new ScenarioError(`${file}: not a photo`, { cause });
    });
    if (face !== null && face.box.width >= LEAST_SHARE * face.width) sprites.push(await lifeSize(file, face));
  }
  if (sprites.length === 0) throw new ScenarioError(`${folder}: no photo (.jpg, .png or .webp) of a face`);
  return sprites;
}

function lifeSize(file: string, { box, width, height }: FaceInPhoto): Promise<Sprite> {
  const metresPerPixel = BOX_WIDTH_M / box.width;
  const centre = centreOf(box);
  return photoSprite(file, {
    left: -centre.x * metresPerPixel,
    top: BOX_BELOW_M - centre.y * metresPerPixel,
    width: width * metresPerPixel,
    height: height * metresPerPixel,
  });
}
