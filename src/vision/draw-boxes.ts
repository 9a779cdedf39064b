import type { Rect } from '../domain/geometry.ts';

/** A drawable picture: width x height x 3 bytes, row by row. */
export type RgbPicture = Readonly<{ width: number; height: number; rgb: Uint8Array }>;

const COLOUR: readonly number[] = [0, 224, 96];
/** Line width as a share of the picture's longer side, and its least, pixels. */
const LINE_SHARE = 1 / 320;
const LEAST_LINE_PX = 2;

/** A copy of the picture's bytes with the outline of each box, cut off at the picture's edges. */
export function drawBoxes(picture: RgbPicture, boxes: readonly Rect[]): Uint8Array {
  const drawn = Uint8Array.from(picture.rgb);
  const line = Math.max(LEAST_LINE_PX, Math.round(Math.max(picture.width, picture.height) * LINE_SHARE));
  for (const { x, y, width, height } of boxes) {
    const [left, top, right, bottom] = [x, y, x + width, y + height].map(Math.round);
    if (left === undefined || top === undefined || right === undefined || bottom === undefined) continue;
    fill(picture, drawn, [left, top, right, top + line]);
    fill(picture, drawn, [left, bottom - line, right, bottom]);
    fill(picture, drawn, [left, top, left + line, bottom]);
    fill(picture, drawn, [right - line, top, right, bottom]);
  }
  return drawn;
}

function fill(
  { width, height }: RgbPicture,
  rgb: Uint8Array,
  [left, top, right, bottom]: readonly [number, number, number, number],
): void {
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, right); x++) rgb.set(COLOUR, 3 * (y * width + x));
  }
}
