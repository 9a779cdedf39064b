import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecisionParams, judge, limitNow } from '../../../src/screening/decision.ts';
import { seededRandom } from '../../../src/simulation/random.ts';

const params: DecisionParams = {
  method: 'adaptive',
  falseAlarmShare: 0.02,
  leastAboveNormalC: 0.5,
  mostAboveNormalC: 1,
  elevatedC: 36.4,
  alwaysElevatedC: 38.5,
  maximumUncertaintyC: 0.35,
};
const healthy = (meanC: number, sdC = 0.4, belowSdC = sdC) => ({ meanC, sdC, belowSdC, aboveSdC: sdC });
const normal = healthy(35);
const temperature = fc.double({ min: 30, max: 42, noNaN: true });
const uncertainty = fc.double({ min: 0.05, max: 0.35, noNaN: true });
const sd = fc.double({ min: 0.1, max: 1, noNaN: true });

describe('the limit', () => {
  test('leaves the wanted share of healthy visitors above it', () => {
    expect(limitNow(normal, params)).toBeCloseTo(35 + 2.0537 * 0.4, 3);
    expect(limitNow(normal, { ...params, falseAlarmShare: 0.05 })).toBeCloseTo(35 + 1.6449 * 0.4, 3);
  });

  test('hangs on the upper half of the readings: a long cold tail does not lift it', () => {
    const wide = { ...params, leastAboveNormalC: 0, mostAboveNormalC: 3 };
    const random = seededRandom(1);
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 0.6, noNaN: true }),
        fc.double({ min: 0.2, max: 0.6, noNaN: true }),
        (belowSdC, aboveSdC) => {
          const draws = Array.from({ length: 20_000 }, () => {
            const away = Math.abs(random.normal());
            return random.uniform() < aboveSdC / (belowSdC + aboveSdC) ? aboveSdC * away : -belowSdC * away;
          });
          const meanC = draws.reduce((sum, one) => sum + one, 0) / draws.length;
          const limitC = limitNow(healthy(meanC, aboveSdC, belowSdC), { ...wide, falseAlarmShare: 0.05 });
          expect(draws.filter((one) => one >= limitC).length / draws.length).toBeCloseTo(0.05, 1.9);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('is never nearer to normal than the least, nor farther than the most', () => {
    fc.assert(
      fc.property(temperature, sd, (meanC, sdC) => {
        const limitC = limitNow(healthy(meanC, sdC), params);
        expect(limitC).toBeLessThanOrEqual(Math.min(meanC + 1, 38.5) + 1e-9);
        expect(limitC).toBeGreaterThanOrEqual(Math.min(meanC + 0.5, 38.5) - 1e-9);
      }),
    );
  });

  test('follows guards within its bounds, and 38.5 degC stays', () => {
    const cleared = Array.from({ length: 40 }, () => ({ aboveNormalC: 0.85, confirmed: false }));
    const unmovedC = limitNow(normal, params);
    expect(limitNow(normal, params, cleared)).toBeCloseTo(unmovedC + 0.05, 6);
    expect(limitNow(normal, { ...params, mostAboveNormalC: 0.83 }, cleared)).toBeCloseTo(35.83, 6);
    expect(limitNow(healthy(37.9), params, cleared)).toBe(38.5);
    expect(limitNow(null, params, cleared)).toBe(36.4);
  });

  test('is absolute while nothing is known, and always with the absolute method', () => {
    expect(limitNow(null, params)).toBe(36.4);
    expect(limitNow(normal, { ...params, method: 'absolute' })).toBe(36.4);
  });
});

describe('decision', () => {
  test('38.5 degC is elevated whatever seems normal', () => {
    fc.assert(
      fc.property(temperature, sd, (meanC, sdC) => {
        const reading = { temperatureC: 38.5 + 1.645 * 0.1 + 1e-9, uncertaintyC: 0.1 };
        expect(judge(reading, healthy(meanC, sdC), params).outcome).toBe('elevated');
      }),
    );
  });

  test('moving everybody by the sensor drift changes no answer', () => {
    const shift = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 2, noNaN: true }),
        uncertainty,
        shift,
        (aboveC, uncertaintyC, driftC) => {
          const answer = (meanC: number) =>
            judge({ temperatureC: meanC + aboveC, uncertaintyC }, healthy(meanC), params).outcome;
          // Between the two, rounding may decide at the very limit.
          fc.pre(Math.abs(Math.abs(aboveC - 2.0537 * 0.4) - 1.645 * uncertaintyC) > 1e-3);
          expect(answer(34 + driftC)).toBe(answer(34));
        },
      ),
    );
  });

  test('a hotter reading is never answered more mildly', () => {
    const rank = { normal: 0, recheck: 1, elevated: 2 };
    fc.assert(
      fc.property(temperature, temperature, uncertainty, (a, b, uncertaintyC) => {
        const cooler = judge({ temperatureC: Math.min(a, b), uncertaintyC }, normal, params);
        const hotter = judge({ temperatureC: Math.max(a, b), uncertaintyC }, normal, params);
        expect(rank[hotter.outcome]).toBeGreaterThanOrEqual(rank[cooler.outcome]);
      }),
    );
  });

  test('an uncertain reading is never normal, and never clear', () => {
    expect(judge({ temperatureC: 34, uncertaintyC: 0.5 }, normal, params)).toMatchObject({
      outcome: 'recheck',
      clear: false,
    });
    expect(judge({ temperatureC: 38, uncertaintyC: 0.5 }, normal, params)).toMatchObject({
      outcome: 'elevated',
      clear: false,
    });
  });

  test('a reading whose uncertainty straddles the limit is a recheck', () => {
    const at = (temperatureC: number) => judge({ temperatureC, uncertaintyC: 0.1 }, normal, params).outcome;
    expect(at(35.6)).toBe('normal');
    expect(at(35.7)).toBe('recheck');
    expect(at(35.95)).toBe('recheck');
    expect(at(36.05)).toBe('elevated');
  });
});
