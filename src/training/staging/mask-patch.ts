import type { Random } from '../../simulation/random.ts';
import { type FaceAxes, faceAxes, toFace, toPicture } from './face-axes.ts';
import type { FacePicture } from './picture.ts';

/** Where a mask cut from one face is put on another: its upper and lower edge in the middle, in the face's axes. */
export type MaskPlace = Readonly<{ top: number; bottom: number }>;

/** What is cut from a masked face: the mask from the nose's bridge to below the chin, in the face's axes. */
const CUT = { top: 0.09, bottom: 0.74, halfWidth: 0.43 };
/** How much lower than in the middle the cut begins at its sides, and how much higher it ends, of its height. */
const TOP_SLOPE = 0.2;
const BOTTOM_SLOPE = 0.42;
/** The cut fades over so much of its height. */
const FADE = 0.06;

/** The place of a mask worn as it should be. */
export const WORN_PLACE: MaskPlace = { top: CUT.top, bottom: CUT.bottom };

/** The place of one worn under the nose, or under the lip: the nose, or nose and mouth, are bare. */
export function lowPlace({ noseY, mouthY }: FaceAxes, under: 'nose' | 'lip', random: Random): MaskPlace {
  const slack = 0.03 * random.uniform();
  return under === 'nose'
    ? { top: noseY + 0.07 + slack, bottom: 0.74 }
    : { top: mouthY + 0.08 + slack, bottom: 0.8 };
}

/** Whether a mask can be cut out of the picture whole. */
export function isDonor({ face, width, height }: Omit<FacePicture, 'rgb'>): boolean {
  const axes = faceAxes(face);
  if (axes === null) return false;
  const reach = 0.9 * CUT.halfWidth;
  return [-reach, reach].every((x) =>
    [CUT.top, 0.94 * CUT.bottom].every((y) => {
      const at = toPicture(axes, { x, y });
      return at.x >= 0 && at.y >= 0 && at.x < width && at.y < height;
    }),
  );
}

/** Lays the mask of `donor` over the face in `picture`, in place. Both faces must have axes. */
export function layMask(picture: FacePicture, donor: FacePicture, place: MaskPlace): void {
  const [to, from] = [faceAxes(picture.face), faceAxes(donor.face)];
  if (to === null || from === null) return;
  const height = place.bottom - place.top;
  const reach = Math.ceil(to.unit);
  const middle = toPicture(to, { x: 0, y: (place.top + place.bottom) / 2 });
  const [left, right] = [
    Math.max(0, Math.floor(middle.x - reach)),
    Math.min(picture.width, middle.x + reach),
  ];
  const [top, bottom] = [
    Math.max(0, Math.floor(middle.y - reach)),
    Math.min(picture.height, middle.y + reach),
  ];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const onFace = toFace(to, { x: x + 0.5, y: y + 0.5 });
      const across = onFace.x / CUT.halfWidth;
      const down = (onFace.y - place.top) / height;
      const cover = coverAt(across, down);
      if (cover <= 0) continue;
      const source = toPicture(from, {
        x: across * CUT.halfWidth,
        y: CUT.top + down * (CUT.bottom - CUT.top),
      });
      blend(picture, x, y, donor, source.x, source.y, cover);
    }
  }
}

/** Share of the cut at a place of it, 0..1: `across` -1..1 from side to side, `down` 0..1 from top to bottom. */
function coverAt(across: number, down: number): number {
  const slope = across * across;
  const fromTop = down - TOP_SLOPE * slope;
  const fromBottom = 1 - BOTTOM_SLOPE * slope - down;
  const fromSide = 1 - Math.abs(across);
  return Math.max(0, Math.min(1, Math.min(fromTop, fromBottom, fromSide) / FADE));
}

function blend(
  picture: FacePicture,
  x: number,
  y: number,
  donor: FacePicture,
  sourceX: number,
  sourceY: number,
  cover: number,
): void {
  const column = Math.min(donor.width - 1, Math.max(0, Math.floor(sourceX)));
  const row = Math.min(donor.height - 1, Math.max(0, Math.floor(sourceY)));
  const from = 3 * (row * donor.width + column);
  const to = 3 * (y * picture.width + x);
  for (let channel = 0; channel < 3; channel++) {
    const under = picture.rgb[to + channel] ?? 0;
    picture.rgb[to + channel] = under + cover * ((donor.rgb[from + channel] ?? 0) - under);
  }
}
