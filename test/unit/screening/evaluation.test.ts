import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gateParamsOf } from '../../../src/app/gate-params.ts';
import { defaultConfig } from '../../../src/config/load.ts';
import { parseVisitTable, readVisitTable, TableError } from '../../../src/io/csv/visit-table.ts';
import { evaluateScreening } from '../../../src/screening/evaluation/evaluate-screening.ts';
import { proportion } from '../../../src/screening/evaluation/proportion.ts';
import { replayVisits } from '../../../src/screening/evaluation/replay-visits.ts';
import { rocArea, rocCurve } from '../../../src/screening/evaluation/roc.ts';
import { seededRandom } from '../../../src/simulation/random.ts';
import { readingErrors } from '../../../src/simulation/reading-error.ts';
import { describeWithSharedData, sharedData } from '../../support/shared-data.ts';

const scored = fc.record({ score: fc.integer({ min: 0, max: 12 }), fever: fc.boolean() });

describe('the ROC', () => {
  test('its area is the chance that fever scores above health, ties half', () => {
    fc.assert(
      fc.property(fc.array(scored, { minLength: 2, maxLength: 60 }), (visits) => {
        const fevers = visits.filter(({ fever }) => fever);
        const healthy = visits.filter(({ fever }) => !fever);
        const area = rocArea(visits);
        fc.pre(fevers.length > 0 && healthy.length > 0);
        const pairs = fevers.flatMap((one) =>
          healthy.map((other) => (one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0)),
        );
        const chance = pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length;
        expect(area?.area).toBeCloseTo(chance, 10);
        expect(area?.low).toBeLessThanOrEqual(chance + 1e-9);
        expect(area?.high).toBeGreaterThanOrEqual(chance - 1e-9);
      }),
    );
  });

  test('the curve rises from nobody to everybody, and holds the area between its steps', () => {
    const random = seededRandom(3);
    const visits = Array.from({ length: 200 }, (_, index) => ({
      fever: index % 4 === 0,
      score: (index % 4 === 0 ? 1 : 0) + random.normal(),
    }));
    const curve = rocCurve(visits);
    expect(curve.at(-1)).toMatchObject({ sensitivity: 1, falseAlarmShare: 1 });
    let area = 0;
    curve.slice(1).forEach((point, index) => {
      const before = curve[index];
      if (before === undefined) throw new Error('no point before');
      expect(point.sensitivity).toBeGreaterThanOrEqual(before.sensitivity);
      area +=
        ((point.falseAlarmShare - before.falseAlarmShare) * (point.sensitivity + before.sensitivity)) / 2;
    });
    expect(area).toBeCloseTo(rocArea(visits)?.area ?? 0, 10);
  });
});

test('a share has Wilson’s interval', () => {
  // Agresti and Coull's example: 0 of 10, and 5 of 10.
  expect(proportion(0, 10)).toMatchObject({ share: 0, low: 0 });
  expect(proportion(0, 10)?.high).toBeCloseTo(0.2775, 3);
  expect(proportion(5, 10)?.low).toBeCloseTo(0.2366, 3);
  expect(proportion(0, 0)).toBeNull();
});

test('sensor errors have the spread asked for, and a reference body takes the drift away', () => {
  const sdOf = (values: readonly number[]): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const drift = readingErrors(500, { noiseC: 0, driftC: 0.5, referenceBodyC: null }, seededRandom(1));
  expect(sdOf(drift)).toBeCloseTo(0.5, 6);
  const held = readingErrors(5000, { noiseC: 0.15, driftC: 5, referenceBodyC: 0.1 }, seededRandom(1));
  expect(sdOf(held)).toBeCloseTo(Math.hypot(0.15, 0.1), 2);
});

describe('a table of visits', () => {
  const table = (text: string, wanted = {}) => parseVisitTable(text, 'visits.csv', wanted);

  test('is read with its usual headings, rows without a reading left out, in order of time', () => {
    const read = table(
      'time,reading_c,ambient_c,reference_c\n2026-01-02T08:00:00,35.1,22,36.6\n2026-01-01T08:00:00,36.9,,38.1\n2026-01-03T08:00:00,,22,36.4\n',
    );
    expect(read).toMatchObject({ withoutReading: 1, reordered: true });
    expect(read.rows.map(({ readingC, ambientC, referenceC }) => [readingC, ambientC, referenceC])).toEqual([
      [36.9, null, 38.1],
      [35.1, 22, 36.6],
    ]);
  });

  test.each([
    [
      'time,other\n2026-01-01T08:00:00,35\n',
      {},
      /visits\.csv has no column reading_c; choose one with --reading: time, other/,
    ],
    [
      'time,reading_c\n2026-01-01T08:00:00,35\n',
      { reference: 'oral' },
      /no column oral; choose one with --reference/,
    ],
    ['time,reading_c\nyesterday,35\n', {}, /line 2: time is "yesterday", not a time/],
    [
      'time,reading_c\n2026-01-01T08:00:00,95.5\n',
      {},
      /line 2: reading_c is "95\.5", not a temperature from -20 to 60/,
    ],
    ['time,reading_c\n2026-01-01T08:00:00\n', {}, /is no CSV/],
    ['time,reading_c\n', {}, /no column|no row/],
  ])('%j is refused with what to correct', (text, wanted, message) => {
    expect(() => table(text, wanted)).toThrow(TableError);
    expect(() => table(text, wanted)).toThrow(message);
  });
});

describeWithSharedData('the clinical table', () => {
  const evaluate = async (noiseC: number, driftC: number, seed: number) => {
    const { rows } = await readVisitTable(sharedData('fever/irt1-visits.csv'), {});
    const errorsC = readingErrors(rows.length, { noiseC, driftC, referenceBodyC: null }, seededRandom(seed));
    const visits = rows.map(({ timeMs, readingC, ambientC, referenceC }, index) => ({
      atMs: timeMs,
      readingC: readingC + (errorsC[index] ?? 0),
      ambientC,
      fever: referenceC === null ? null : referenceC >= 37.5,
    }));
    const { decision, minimumVisitors } = gateParamsOf(defaultConfig());
    const params = { decision: { ...decision, falseAlarmShare: 0.05 }, minimumVisitors, uncertaintyC: 0 };
    const evaluation = evaluateScreening(replayVisits(visits, params), 20, () => 1);
    return { area: evaluation.area?.area ?? 0, rawArea: evaluation.rawArea?.area ?? 0, evaluation };
  };

  test('as it is: better than the bare reading, for the room explains some of it', async () => {
    const { area, rawArea, evaluation } = await evaluate(0, 0, 1);
    expect(rawArea).toBeCloseTo(0.9425, 3);
    expect(area).toBeGreaterThan(rawArea);
    expect(evaluation.specificity?.share).toBeGreaterThan(0.94);
    expect(evaluation.sensitivity?.share).toBeGreaterThan(0.78);
  });

  test('with noise and drift most of what is lost comes back', async () => {
    const runs = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => evaluate(0.15, 0.5, seed)));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(runs.map(({ rawArea }) => rawArea))).toBeLessThan(0.88);
    expect(mean(runs.map(({ area }) => area))).toBeGreaterThan(0.91);
  });
});
