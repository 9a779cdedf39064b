import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addToBaseline, type Baseline, baselineOf, emptyBaseline } from '../../../src/screening/baseline.ts';
import { type DecisionParams, judge } from '../../../src/screening/decision.ts';

const params: DecisionParams = {
  method: 'adaptive',
  elevatedAboveBaselineC: 1,
  recheckAboveBaselineC: 0.6,
  elevatedC: 36.4,
  recheckC: 36,
  maximumUncertaintyC: 0.35,
};
const sizes = { visitors: 40, minimumVisitors: 10 };
const temperature = fc.double({ min: 30, max: 42, noNaN: true });
const uncertainty = fc.double({ min: 0.05, max: 0.35, noNaN: true });

describe('baseline', () => {
  test('there is none until enough visitors have passed', () => {
    let baseline: Baseline = emptyBaseline;
    for (let visitor = 1; visitor <= 9; visitor++) baseline = addToBaseline(baseline, 35, sizes);
    expect(baselineOf(baseline, sizes)).toBeNull();
    expect(baselineOf(addToBaseline(baseline, 35, sizes), sizes)).toBe(35);
  });

  test('keeps the newest visitors only', () => {
    fc.assert(
      fc.property(fc.array(temperature, { minLength: 41, maxLength: 100 }), (readings) => {
        const baseline = readings.reduce((sum, reading) => addToBaseline(sum, reading, sizes), emptyBaseline);
        expect(baseline.readingsC).toEqual(readings.slice(-40));
      }),
    );
  });

  test('a fifth of feverish visitors does not lift it by half a degree', () => {
    const readings = Array.from({ length: 40 }, (_, index) =>
      index % 5 === 0 ? 38 : 35 + (index % 4) * 0.1,
    );
    const baseline = readings.reduce((sum, reading) => addToBaseline(sum, reading, sizes), emptyBaseline);
    expect(baselineOf(baseline, sizes)).toBeGreaterThanOrEqual(35);
    expect(baselineOf(baseline, sizes)).toBeLessThan(35.5);
  });
});

describe('decision', () => {
  test('moving everybody by the sensor drift changes no answer once there is a baseline', () => {
    fc.assert(
      fc.property(
        temperature,
        uncertainty,
        fc.double({ min: -3, max: 3, noNaN: true }),
        (baselineC, u, driftC) => {
          const reading = { temperatureC: baselineC + 0.9, uncertaintyC: u };
          const drifted = { temperatureC: reading.temperatureC + driftC, uncertaintyC: u };
          const judged = judge(reading, baselineC, params);
          const limitC = expect.closeTo(judged.limitC + driftC, 6) as number;
          expect(judge(drifted, baselineC + driftC, params)).toEqual({ ...judged, limitC });
        },
      ),
    );
  });

  test('a hotter reading is never answered more mildly', () => {
    const rank = { normal: 0, recheck: 1, elevated: 2 };
    fc.assert(
      fc.property(temperature, temperature, uncertainty, (a, b, uncertaintyC) => {
        const cooler = judge({ temperatureC: Math.min(a, b), uncertaintyC }, 35, params);
        const hotter = judge({ temperatureC: Math.max(a, b), uncertaintyC }, 35, params);
        expect(rank[hotter.outcome]).toBeGreaterThanOrEqual(rank[cooler.outcome]);
      }),
    );
  });

  test('an uncertain reading is never normal', () => {
    expect(judge({ temperatureC: 34, uncertaintyC: 0.5 }, 35, params)).toEqual({
      outcome: 'recheck',
      clear: false,
      limitC: 36,
    });
  });

  test('without a baseline the limits are absolute, and with the absolute method always', () => {
    expect(judge({ temperatureC: 36.5, uncertaintyC: 0.1 }, null, params).outcome).toBe('elevated');
    expect(judge({ temperatureC: 36.5, uncertaintyC: 0.1 }, 36.4, params).outcome).toBe('normal');
    expect(
      judge({ temperatureC: 36.5, uncertaintyC: 0.1 }, 36.4, { ...params, method: 'absolute' }).outcome,
    ).toBe('elevated');
  });

  test('is clear only away from the limits', () => {
    expect(judge({ temperatureC: 35, uncertaintyC: 0.1 }, 35, params).clear).toBe(true);
    expect(judge({ temperatureC: 35.55, uncertaintyC: 0.1 }, 35, params).clear).toBe(false);
    expect(judge({ temperatureC: 36.05, uncertaintyC: 0.1 }, 35, params).clear).toBe(false);
    expect(judge({ temperatureC: 36.5, uncertaintyC: 0.1 }, 35, params).clear).toBe(true);
  });
});
