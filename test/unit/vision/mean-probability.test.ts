import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meanProbability } from '../../../src/vision/mean-probability.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('what several looks say together', () => {
  test('one look says what it says', () => {
    fc.assert(
      fc.property(probability, (one) => {
        expect(meanProbability([one])).toBe(one);
      }),
    );
  });

  test('lies between the least and the most, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(probability, { minLength: 2, maxLength: 6 }), (looks) => {
        const mean = meanProbability(looks);
        expect(mean).toBeGreaterThanOrEqual(Math.min(...looks) - 1e-6);
        expect(mean).toBeLessThanOrEqual(Math.max(...looks) + 1e-6);
        expect(meanProbability(looks.toReversed())).toBeCloseTo(mean, 9);
      }),
    );
  });

  test('opposite looks leave it open, even where each is certain', () => {
    fc.assert(
      fc.property(probability, (one) => {
        expect(meanProbability([one, 1 - one])).toBeCloseTo(0.5, 6);
      }),
    );
  });
});
