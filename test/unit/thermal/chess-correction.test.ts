import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChessCorrection } from '../../../src/thermal/chess-correction.ts';

const COLUMNS = 32;
const PIXELS = 768;
const subpageOf = (pixel: number): 0 | 1 => (((Math.floor(pixel / COLUMNS) + pixel) & 1) === 0 ? 0 : 1);

/** A room with a warm head in it, and an offset between the subpages. */
function scene(offsetC: number, headColumn = 15, noiseC: (pixel: number) => number = () => 0): Float64Array {
  return Float64Array.from({ length: PIXELS }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / COLUMNS), pixel % COLUMNS];
    const head = 13 / (1 + Math.exp(Math.hypot(row - 11, column - headColumn) - 6));
    return 21 + 0.03 * column + head + (subpageOf(pixel) === 0 ? offsetC / 2 : -offsetC / 2) + noiseC(pixel);
  });
}

function shown(pictures: readonly Float64Array[]): Float64Array {
  const chess = createChessCorrection();
  let corrected = new Float64Array(PIXELS);
  pictures.forEach((picture, index) => {
    chess.learn(picture, index % 2 === 0 ? 0 : 1);
    corrected = picture.slice();
    chess.apply(corrected);
  });
  return corrected;
}

const largest = (a: Float64Array, b: Float64Array): number =>
  Math.max(...Array.from(a, (value, pixel) => Math.abs(value - (b[pixel] ?? Number.NaN))));

describe('the offset between the subpages', () => {
  test('is taken out whatever it is, and the mean of the picture stays', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.6, max: 0.6, noNaN: true }), (offsetC) => {
        const corrected = shown(Array.from({ length: 15 }, () => scene(offsetC)));
        expect(largest(corrected, scene(0))).toBeLessThan(0.02);
      }),
      { numRuns: 50 },
    );
  });

  test('is found through noise', () => {
    let seed = 1;
    const noise = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return (seed / 2_147_483_647 - 0.5) * 0.6;
    };
    const corrected = shown(Array.from({ length: 24 }, () => scene(0.3, 15, noise)));
    const clean = scene(0);
    const meanError = (of: 0 | 1): number => {
      const errors = Array.from(corrected, (value, pixel) => value - (clean[pixel] ?? Number.NaN));
      const own = errors.filter((_, pixel) => subpageOf(pixel) === of);
      return own.reduce((sum, error) => sum + error, 0) / own.length;
    };
    expect(Math.abs(meanError(0) - meanError(1))).toBeLessThan(0.06);
  });

  test('is not guessed from the first pictures', () => {
    expect(largest(shown(Array.from({ length: 10 }, () => scene(0.3))), scene(0.3))).toBe(0);
  });

  test('is not learnt while somebody moves', () => {
    const still = Array.from({ length: 15 }, () => scene(0));
    // Only every other picture is new for a subpage, so a moving head looks like an offset at its edges.
    const moving = Array.from({ length: 40 }, (_, index) =>
      scene(index % 2 === 0 ? 0.5 : -0.5, 4 + index / 2),
    );
    const corrected = shown([...still, ...moving]);
    const last = moving.at(-1) ?? new Float64Array();
    expect(largest(corrected, last)).toBeLessThan(0.02);
  });

  test('of an incomplete picture is left alone', () => {
    const half = scene(0.3).map((value, pixel) => (subpageOf(pixel) === 0 ? value : Number.NaN));
    expect(shown(Array.from({ length: 12 }, () => half))[0]).toBe(half[0]);
  });
});
