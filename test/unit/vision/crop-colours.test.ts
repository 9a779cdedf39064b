import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOUR_NUMBERS, cropColours } from '../../../src/vision/crop-colours.ts';
import { CROP_SIZE, mirrorCrop } from '../../../src/vision/face-crop.ts';

const CELLS = 10;
/** A crop of 19,200 numbers is made for each. */
const RUNS = { numRuns: 25 };

/** A crop of 10 x 10 plain cells, each of the colour told for it, -1..1. */
function crop(colourOf: (row: number, column: number) => readonly number[]): Float32Array {
  const cell = CROP_SIZE / CELLS;
  return Float32Array.from({ length: 3 * CROP_SIZE ** 2 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const [row, column] = [Math.floor(pixel / CROP_SIZE), pixel % CROP_SIZE];
    return colourOf(Math.floor(row / cell), Math.floor(column / cell))[at % 3] ?? 0;
  });
}

describe('colours of a crop', () => {
  it('are none where all is grey, however bright', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 100, maxLength: 100 }),
        (greys) => {
          const colours = cropColours(crop((row, column) => Array(3).fill(greys[CELLS * row + column])));
          for (const share of colours.subarray(0, 200)) expect(share).toBeCloseTo(0, 3);
        },
      ),
      RUNS,
    );
  });

  it('tell a red cell from a green one, in its place', () => {
    const colours = cropColours(
      crop((row, column) => (row === 7 && column === 4 ? [0.5, -0.5, -0.5] : [-0.5, 0.5, -0.5])),
    );
    const [red, green] = [0, 1].map((of) => colours[2 * 74 + of] ?? 0);
    expect(red).toBeGreaterThan(10);
    expect(green).toBeLessThan(-5);
    expect(colours[0]).toBeLessThan(-5);
    expect(colours[1]).toBeGreaterThan(10);
  });

  it('say how bright each cell is beside the others, so that they sum to nothing', () => {
    const halves = cropColours(crop((_, column) => Array(3).fill(column < 5 ? 0.6 : -0.6)));
    const brightness = halves.subarray(200);
    expect(brightness[0]).toBeGreaterThan(1);
    expect(brightness[9]).toBeCloseTo(-(brightness[0] ?? 0), 4);
    expect(brightness.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 2);
  });

  it('are mirrored with the crop', () => {
    const level = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level, level), { minLength: 100, maxLength: 100 }), (cells) => {
        const picture = crop((row, column) => cells[CELLS * row + column] ?? []);
        const seen = cropColours(picture);
        mirrorCrop(picture, CROP_SIZE);
        const mirrored = cropColours(picture);
        expect(mirrored).toHaveLength(COLOUR_NUMBERS);
        for (let cell = 0; cell < 100; cell++) {
          const other = CELLS * Math.floor(cell / CELLS) + CELLS - 1 - (cell % CELLS);
          expect(mirrored[2 * other]).toBeCloseTo(seen[2 * cell] ?? Number.NaN, 3);
          expect(mirrored[200 + other]).toBeCloseTo(seen[200 + cell] ?? Number.NaN, 3);
        }
      }),
      RUNS,
    );
  });
});
