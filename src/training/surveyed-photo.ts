import type { Face } from '../domain/face.ts';
import { centreOf } from '../domain/geometry.ts';
import { CROP_PER_BOX } from '../vision/face-crop.ts';
import type { LabelledPhoto } from './labelled-photos.ts';
import { isDonor } from './staging/mask-patch.ts';

/** A photo, its size in pixels, and its one face. */
export type SurveyedPhoto = LabelledPhoto & Readonly<{ width: number; height: number; face: Face }>;

/** How far a picture reaches from the middle of its face, in sides of the face's box. */
export type Margins = Readonly<{ left: number; right: number; top: number; bottom: number }>;

/** Photos by their truth, and those of which a mask can be cut. */
export type PhotoPool = Readonly<{
  worn: readonly SurveyedPhoto[];
  bare: readonly SurveyedPhoto[];
  donors: readonly SurveyedPhoto[];
}>;

/** So much of a photo around its face, in box sides, is all that a crop shows. */
const ROOMY = CROP_PER_BOX / 2;

/** How much of the photo there is around its face. */
export function marginsOf({ width, height, face }: SurveyedPhoto): Margins {
  const centre = centreOf(face.box);
  const unit = Math.max(face.box.width, face.box.height);
  return {
    left: centre.x / unit,
    right: (width - centre.x) / unit,
    top: centre.y / unit,
    bottom: (height - centre.y) / unit,
  };
}

/** Whether the photo shows all that a crop does. */
export function isRoomy(photo: SurveyedPhoto): boolean {
  const { left, right, top, bottom } = marginsOf(photo);
  return Math.min(left, right, top, bottom) >= ROOMY;
}

export function poolOf(photos: readonly SurveyedPhoto[]): PhotoPool {
  const worn = photos.filter((photo) => photo.worn);
  return { worn, bare: photos.filter((photo) => !photo.worn), donors: worn.filter(isDonor) };
}
