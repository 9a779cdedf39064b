import type { Still } from '../domain/still.ts';

/** Cells across a face, and down: so few that what tells people apart is gone for good, not only hidden. */
const CELLS_ACROSS = 4;
const CELLS_DOWN = 5;

/** Turns a still, in its place, into 4 x 5 cells of one colour each: their mean. Nothing else of it remains. */
export function pixelate({ width, height, rgb }: Still): void {
  for (let down = 0; down < CELLS_DOWN; down++) {
    const [top, bottom] = edges(down, CELLS_DOWN, height);
    for (let across = 0; across < CELLS_ACROSS; across++) {
      const [left, right] = edges(across, CELLS_ACROSS, width);
      const pixels = cellPixels(width, left, right, top, bottom);
      for (let channel = 0; channel < 3; channel++) flatten(rgb, pixels, channel);
    }
  }
}

function edges(cell: number, cells: number, length: number): readonly [number, number] {
  return [Math.floor((cell * length) / cells), Math.floor(((cell + 1) * length) / cells)];
}

/** Where the pixels of a cell begin. */
function cellPixels(width: number, left: number, right: number, top: number, bottom: number): number[] {
  const places: number[] = [];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) places.push(3 * (y * width + x));
  }
  return places;
}

function flatten(rgb: Uint8Array, pixels: readonly number[], channel: number): void {
  let sum = 0;
  for (const at of pixels) sum += rgb[at + channel] ?? 0;
  const mean = Math.round(sum / pixels.length);
  for (const at of pixels) rgb[at + channel] = mean;
}
