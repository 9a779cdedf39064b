import { describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import type { ScenarioInput } from '../../src/simulation/scene/scenario.ts';
import { screenedVisits } from '../support/screened-visits.ts';

const config = configSchema.parse({});
const withReference = configSchema.parse({ thermal: { reference: { kind: 'disc', temperatureC: 36 } } });
const somebody = { distanceM: 0.55 };
/** A disc of 6 cm beside the visitors, at 36 degC. */
const reference = { xM: 0.2, yM: -0.07, distanceM: 0.5, radiusM: 0.04, temperatureC: 36 };
const run = (scenario: ScenarioInput, of = config, lingerMs = 1000) =>
  screenedVisits(of, scenario, 3, { lingerMs });

describe('no verdict, but a reason', () => {
  test('in a room below 16 or above 30 degC', async () => {
    const cold = await run({ ambientC: 12, visitors: [somebody] });
    expect(cold.conditions.at(-1)).toBe('ambient-too-cold');
    expect(cold.signals.at(-1)).toBe('out-of-service');
    const warm = await run({ ambientC: 32, visitors: [somebody] });
    expect(warm.conditions.at(-1)).toBe('ambient-too-warm');
    expect([...cold.visits, ...warm.visits].map(({ visit }) => visit)).toEqual([null, null]);
  });

  test('in a room whose temperature changes fast', async () => {
    const visitors = [{ ...somebody, arrivesAtMs: 45_000 }];
    const changing = await run({ ambientSlopeCPerMinute: 0.4, visitors });
    expect(changing.conditions).toContain('ambient-changing');
    expect(changing.visits[0]?.visit).toBeNull();
    const calm = await run({ ambientSlopeCPerMinute: 0.05, visitors });
    expect(calm.visits[0]?.visit).not.toBeNull();
  });

  test('for a visitor straight from outdoors, and one hotter than anybody can be', async () => {
    const { visits, signals } = await run({
      visitors: [{ ...somebody, normalC: 32 }, { ...somebody, normalC: 40, feverC: 3.6 }, somebody],
    });
    expect(visits.map(({ refused }) => refused)).toEqual(['from-outdoors', 'implausibly-hot', null]);
    expect(visits.map(({ visit }) => visit?.outcome ?? null)).toEqual([null, null, 'normal']);
    expect(signals).toContain('wait-indoors');
    expect(signals).toContain('check-equipment');
  });

  test('for a face cut by the edge of the thermal picture', async () => {
    const { visits, signals } = await run({ visitors: [{ distanceM: 0.6, xM: 0.31, staysMs: 3000 }] });
    expect(signals).toContain('move-to-middle');
    expect(visits[0]?.visit).toBeNull();
  });

  test('for a face behind something hot; the same thing beside the face is left out', async () => {
    const lamp = { distanceM: 0.4, radiusM: 0.025, temperatureC: 70 };
    const hidden = await run({
      things: [{ ...lamp, xM: 0.014, yM: -0.03 }],
      visitors: [{ ...somebody, staysMs: 3000 }],
    });
    expect(hidden.visits[0]?.visit).toBeNull();
    expect(hidden.signals).toContain('move-to-middle');
    const beside = await run({ things: [{ ...lamp, xM: 0.17, yM: -0.05 }], visitors: [somebody] });
    expect(beside.visits[0]?.visit?.outcome).toBe('normal');
    expect(beside.last?.scene.hotSpots.pixels).toBeGreaterThan(0);
  });

  test('a lamp or a patch of sun alone is nobody, at once or after a minute', async () => {
    const lamp = await run({
      things: [{ xM: 0, yM: 0, distanceM: 0.6, radiusM: 0.04, temperatureC: 90 }],
      visitors: [{ ...somebody, arrivesAtMs: 5000, staysMs: 0 }],
    });
    expect(lamp.signals.slice(0, 2)).toEqual(['warming-up', 'idle']);
    const sun = await run(
      {
        things: [{ xM: 0.1, yM: 0, distanceM: 1, radiusM: 0.1, temperatureC: 38 }],
        visitors: [{ ...somebody, arrivesAtMs: 70_000 }],
      },
      config,
      4000,
    );
    expect(sun.signals.slice(0, 3)).toEqual(['warming-up', 'look-here', 'idle']);
    expect(sun.visits[0]?.visit?.outcome).toBe('normal');
    expect(sun.signals.at(-1)).toBe('idle');
  });

  test('for a face too far away for the wide lens', async () => {
    const wide = configSchema.parse({
      thermal: { lens: 'BAA' },
      visit: { minDistanceM: 0.25, maxDistanceM: 0.8 },
    });
    const { visits, signals } = await run({ visitors: [{ distanceM: 0.5, staysMs: 3000 }] }, wide);
    expect(signals).toContain('come-closer');
    expect(visits[0]?.visit).toBeNull();
  });
});

describe('a reference in view', () => {
  test('takes the sensor’s own error out of the readings', async () => {
    const visitors = Array.from({ length: 8 }, (_, index) => ({
      ...somebody,
      ...(index === 0 && { arrivesAtMs: 15_000 }),
    }));
    // This sensor has drifted by 0.2 degC.
    const { visits, last } = await screenedVisits(withReference, { things: [reference], visitors }, 6);
    for (const { driftC } of visits) expect(driftC).toBeGreaterThan(0.15);
    expect(last?.scene.reference.state).toBe('found');
    const errorsC = visits.map(({ reading, trueC }) => (reading?.temperatureC ?? Number.NaN) - trueC);
    const meanC = errorsC.reduce((sum, error) => sum + error, 0) / errorsC.length;
    expect(Math.abs(meanC)).toBeLessThan(0.1);
    for (const { reading } of visits) expect(reading?.uncertaintyC).toBeLessThan(0.2);
  });

  test('one that is not there, is taken away, or is soiled keeps the gate from measuring', async () => {
    const none = await run({ visitors: [{ ...somebody, staysMs: 3000 }] }, withReference);
    expect(none.conditions.at(-1)).toBe('reference-searching');
    const visitors = [{ ...somebody, arrivesAtMs: 20_000, staysMs: 3000 }];
    const taken = await run({ things: [{ ...reference, untilMs: 10_000 }], visitors }, withReference);
    expect(taken.conditions).toEqual(['warming-up', 'reference-searching', null, 'reference-lost']);
    expect(taken.signals.at(-1)).toBe('out-of-service');
    const stain = { ...reference, distanceM: 0.48, radiusM: 0.014, temperatureC: 24, fromMs: 10_000 };
    const soiled = await run({ things: [reference, stain], visitors }, withReference);
    expect(soiled.conditions.at(-1)).toBe('reference-dirty');
    expect([...none.visits, ...taken.visits, ...soiled.visits].every(({ visit }) => visit === null)).toBe(
      true,
    );
  });
});
