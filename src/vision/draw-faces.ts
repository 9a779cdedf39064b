import type { MaskState } from '../domain/face.ts';
import type { Rect } from '../domain/geometry.ts';

/** A drawable picture: width x height x 3 bytes, row by row. */
export type RgbPicture = Readonly<{ width: number; height: number; rgb: Uint8Array }>;

/** A face to be drawn. */
export type DrawnFace = Readonly<{ box: Rect; mask: MaskState }>;

/** Green for a worn mask, red for none, yellow for unsure; as the symbols differ too, colour is not needed. */
const COLOURS: Readonly<Record<MaskState, readonly number[]>> = {
  worn: [0, 224, 96],
  'not-worn': [240, 48, 48],
  unsure: [255, 208, 0],
};
/** A tick, a cross and a question mark, one string a row. */
const SYMBOLS: Readonly<Record<MaskState, readonly string[]>> = {
  worn: ['......#', '.....##', '#...##.', '##.##..', '.###...', '..#....', '.......'],
  'not-worn': ['#.....#', '##...##', '.##.##.', '..###..', '.##.##.', '##...##', '#.....#'],
  unsure: ['.####..', '#....#.', '.....#.', '...##..', '...#...', '.......', '...#...'],
};
/** Line width as a share of the picture's longer side, and its least, pixels. */
const LINE_SHARE = 1 / 320;
const LEAST_LINE_PX = 2;

/**
 * A copy of the picture's bytes with the outline of each box in the colour of its mask state, and the state's symbol on a
 * dark field in the box's upper left corner; cut off at the picture's edges.
 */
export function drawFaces(picture: RgbPicture, faces: readonly DrawnFace[]): Uint8Array {
  const drawn = Uint8Array.from(picture.rgb);
  const line = Math.max(LEAST_LINE_PX, Math.round(Math.max(picture.width, picture.height) * LINE_SHARE));
  for (const { box, mask } of faces) {
    const [left, top, right, bottom] = [box.x, box.y, box.x + box.width, box.y + box.height].map(Math.round);
    if (left === undefined || top === undefined || right === undefined || bottom === undefined) continue;
    const paint = (area: Area, colour: readonly number[]): void => fill(picture, drawn, area, colour);
    paint([left, top, right, top + line], COLOURS[mask]);
    paint([left, bottom - line, right, bottom], COLOURS[mask]);
    paint([left, top, left + line, bottom], COLOURS[mask]);
    paint([right - line, top, right, bottom], COLOURS[mask]);
    drawSymbol(mask, left + line, top + line, line, paint);
  }
  return drawn;
}

type Area = readonly [left: number, top: number, right: number, bottom: number];

/** Each dot of the symbol is as large as the box's line is wide. */
function drawSymbol(
  mask: MaskState,
  left: number,
  top: number,
  dot: number,
  paint: (area: Area, colour: readonly number[]) => void,
): void {
  const rows = SYMBOLS[mask];
  const side = (rows.length + 2) * dot;
  paint([left, top, left + side, top + side], [0, 0, 0]);
  rows.forEach((row, down) => {
    [...row].forEach((mark, right) => {
      const [x, y] = [left + (right + 1) * dot, top + (down + 1) * dot];
      if (mark === '#') paint([x, y, x + dot, y + dot], COLOURS[mask]);
    });
  });
}

function fill(
  { width, height }: RgbPicture,
  rgb: Uint8Array,
  [left, top, right, bottom]: Area,
  colour: readonly number[],
): void {
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, right); x++) rgb.set(colour, 3 * (y * width + x));
  }
}
