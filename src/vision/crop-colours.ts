import { CROP_SIZE } from './face-crop.ts';

/** Sides of the square cells whose mean colours are taken, crop pixels, and how many of them are in a row. */
const CELL_PX = 8;
const CELLS: number = CROP_SIZE / CELL_PX;

/** Numbers that `cropColours` gives: red and green share of each cell, then how bright each is. */
export const COLOUR_NUMBERS: number = 3 * CELLS ** 2;

/** Levels added to each colour (full scale is 1), so that the darkest cells are grey and not of any colour. */
const DARK = 0.05;
/** Bring the numbers to the size of the backbone's features, whose root mean square is about 3. */
const SHARE_GAIN = 60;
const BRIGHTNESS_GAIN = 3;

/**
 * The colours of a crop, coarsely: what the backbone tells little of, and what tells a hand before the mouth from cloth.
 * For each of 10 x 10 cells, row by row, the shares of red and green in its mean colour less a third; then for each
 * the logarithm of its brightness over the crop's.
 * @param crop RGB in -1..1, row-major, channels last, `CROP_SIZE` squared
 */
export function cropColours(crop: Float32Array): Float32Array {
  const means = cellMeans(crop);
  const colours = new Float32Array(COLOUR_NUMBERS);
  const cells = CELLS ** 2;
  let mean = 0;
  for (let cell = 0; cell < cells; cell++) {
    const level = (channel: number): number => ((means[3 * cell + channel] ?? 0) + 1) / 2 + DARK;
    const sum = level(0) + level(1) + level(2);
    const brightness = BRIGHTNESS_GAIN * Math.log(sum);
    colours[2 * cell] = SHARE_GAIN * (level(0) / sum - 1 / 3);
    colours[2 * cell + 1] = SHARE_GAIN * (level(1) / sum - 1 / 3);
    colours[2 * cells + cell] = brightness;
    mean += brightness / cells;
  }
  for (let at = 2 * cells; at < COLOUR_NUMBERS; at++) colours[at] = (colours[at] ?? 0) - mean;
  return colours;
}

/** Mean red, green and blue of each cell, -1..1. */
function cellMeans(crop: Float32Array): Float32Array {
  const means = new Float32Array(COLOUR_NUMBERS);
  for (let row = 0, at = 0; row < CROP_SIZE; row++) {
    const cells = Math.floor(row / CELL_PX) * CELLS;
    for (let column = 0; column < CROP_SIZE; column++) {
      const to = 3 * (cells + Math.floor(column / CELL_PX));
      for (let channel = 0; channel < 3; channel++, at++) {
        means[to + channel] = (means[to + channel] ?? 0) + (crop[at] ?? 0) / CELL_PX ** 2;
      }
    }
  }
  return means;
}
