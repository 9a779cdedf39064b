import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentsBelow, shareAbove, zOfShareAbove } from '../../../src/screening/normal-distribution.ts';

test('tabulated shares', () => {
  expect(shareAbove(0)).toBeCloseTo(0.5, 6);
  expect(shareAbove(1.644854)).toBeCloseTo(0.05, 6);
  expect(shareAbove(-1.959964)).toBeCloseTo(0.975, 6);
});

test('the inverse is the inverse', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-5, max: 0.99, noNaN: true }), (share) => {
      expect(Math.abs(shareAbove(zOfShareAbove(share)) - share)).toBeLessThan(1e-6);
    }),
  );
});

test('moments of the distribution cut off above are those of its numbers', () => {
  // Midpoint sums over the density, cut at 1.5.
  const step = 0.001;
  let share = 0;
  let sum = 0;
  let squares = 0;
  for (let z = -8 + step / 2; z < 1.5; z += step) {
    const weight = Math.exp((-z * z) / 2) * step;
    share += weight;
    sum += weight * z;
    squares += weight * z * z;
  }
  const { mean, meanSquare } = momentsBelow(1.5);
  expect(mean).toBeCloseTo(sum / share, 5);
  expect(meanSquare).toBeCloseTo(squares / share, 5);
});
