import type { Placement } from '../camera/sample-i420.ts';
import type { Face } from '../domain/face.ts';
import { centreOf } from '../domain/geometry.ts';

/** Side of the square the mask is judged on, pixels. */
export const CROP_SIZE = 80;

/** Numbers that the backbone gives for one crop: 96 for each 16 x 16 pixels. */
export const BACKBONE_NUMBERS: number = (CROP_SIZE / 16) ** 2 * 96;

/** Crop side over the longer side of the detector's box: room for chin and mask edge. */
export const CROP_PER_BOX = 1.3;

/** Eyes turned further than this are taken for misplaced key points, radians. */
const GREATEST_ROLL_RAD = 0.7;

/** A change of the crop: shift in crop sides, scale as a factor, turn in radians; mirrored once it is taken. */
export type CropChange = Readonly<{
  shiftX: number;
  shiftY: number;
  scale: number;
  turnRad: number;
  mirrored?: boolean;
}>;

export const UNCHANGED: CropChange = { shiftX: 0, shiftY: 0, scale: 1, turnRad: 0 };

/** The upright-eyed square around a face, as a placement of the crop in the picture. */
export function faceCrop(face: Face, change: CropChange = UNCHANGED): Placement {
  const centre = centreOf(face.box);
  const side = Math.max(face.box.width, face.box.height) * CROP_PER_BOX * change.scale;
  const roll = rollOf(face) + change.turnRad;
  const step = side / CROP_SIZE;
  const stepX = step * Math.cos(roll);
  const stepY = step * Math.sin(roll);
  const right = (change.shiftX - 0.5) * CROP_SIZE;
  const down = (change.shiftY - 0.5) * CROP_SIZE;
  return {
    originX: centre.x + right * stepX - down * stepY,
    originY: centre.y + right * stepY + down * stepX,
    stepX,
    stepY,
  };
}

/** Angle of the line through the eyes, radians, 0 when level or not to be trusted. */
function rollOf(face: Face): number {
  const [first, second] = face.keyPoints;
  if (first === undefined || second === undefined) return 0;
  const roll = Math.atan2(second.y - first.y, second.x - first.x);
  return Math.abs(roll) > GREATEST_ROLL_RAD ? 0 : roll;
}

/** Swaps left and right of a square picture of `side` pixels, three values each, in place. */
export function mirrorCrop(picture: Float32Array, side: number): void {
  for (let row = 0; row < side; row++) {
    for (let left = 0; left < side >> 1; left++) {
      const at = 3 * (row * side + left);
      const to = 3 * (row * side + side - 1 - left);
      for (let channel = 0; channel < 3; channel++) {
        const kept = picture[at + channel] ?? 0;
        picture[at + channel] = picture[to + channel] ?? 0;
        picture[to + channel] = kept;
      }
    }
  }
}
