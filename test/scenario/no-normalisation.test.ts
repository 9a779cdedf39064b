import { describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { screenedVisits } from '../support/screened-visits.ts';
import { sweep } from '../support/sweep.ts';

const RUN_MS = 900_000;

describe('no normalisation', () => {
  test('from 33 to 41 degC the reading follows the face one to one, without a step', {
    timeout: RUN_MS,
  }, async () => {
    const { slope, largestDeviationC, points } = await sweep();
    expect(points).toHaveLength(33);
    expect(Math.abs(slope - 1)).toBeLessThanOrEqual(0.02);
    expect(largestDeviationC).toBeLessThanOrEqual(0.1);
  });

  test('a mask shifts the reading by at most 0.2 degC (paired visits)', { timeout: RUN_MS }, async () => {
    const config = configSchema.parse({});
    const distancesM = [0.4, 0.5, 0.6, 0.7, 0.8];
    const read = async (mask: 'worn' | 'not-worn') => {
      const visitors = distancesM.map((distanceM) => ({ distanceM, mask }));
      const { visits } = await screenedVisits(config, { visitors }, 5, { noise: false });
      return visits.map(({ reading }) => reading?.temperatureC ?? Number.NaN);
    };
    const [masked, bare] = [await read('worn'), await read('not-worn')];
    for (const [index, distanceM] of distancesM.entries()) {
      const shiftC = (masked[index] ?? Number.NaN) - (bare[index] ?? Number.NaN);
      expect(Math.abs(shiftC), `${distanceM} m`).toBeLessThanOrEqual(0.2);
    }
  });
});

test('the uncertainty is right: the truth lies within two of them in 95 % of the visits', {
  timeout: RUN_MS,
}, async () => {
  const config = configSchema.parse({});
  const errors: { off: number; u: number }[] = [];
  for (let gate = 1; gate <= 10; gate++) {
    const visitors = Array.from({ length: 31 }, (_, index) => ({
      distanceM: 0.4 + (0.4 * index) / 30,
      mask: index % 2 === 0 ? ('worn' as const) : ('not-worn' as const),
      xM: 0.03 * ((index % 3) - 1),
    }));
    const { visits } = await screenedVisits(config, { visitors }, 100 + gate);
    for (const { reading, trueC } of visits) {
      if (reading !== null) errors.push({ off: reading.temperatureC - trueC, u: reading.uncertaintyC });
    }
  }
  expect(errors.length).toBeGreaterThanOrEqual(300);
  const within = errors.filter(({ off, u }) => Math.abs(off) <= 2 * u).length / errors.length;
  // 310 visits at ten gates, each with its own slow drift: 0.95 +- 0.03.
  expect(within).toBeGreaterThanOrEqual(0.92);
  expect(within).toBeLessThanOrEqual(0.995);
});
