import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  numbersText,
  parseMoment,
  parseNumberRange,
  rangesOf,
  type Selection,
  selectVisits,
} from '../../../src/records/selection.ts';
import { toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';

const ZONE = 'Asia/Seoul';
const OUTCOMES = ['normal', 'normal', 'recheck', 'elevated'] as const;
/** One every two seconds from 09:00:02 on. */
const visits = Array.from({ length: 40 }, (_, index) =>
  toStoredVisit(aVisit(index + 1, OUTCOMES[index % 4] ?? 'normal'), ZONE),
);
const all: Selection = { fromMs: null, untilMs: null, classes: null, numbers: null, last: null };
const chosen = (selection: Partial<Selection>): number[] =>
  selectVisits(visits, { ...all, ...selection }).map(({ number }) => number);

describe('choosing visits', () => {
  test('everything, by number, by class, and the newest of what is left', () => {
    expect(chosen({})).toHaveLength(40);
    expect(
      chosen({
        numbers: [
          { first: 3, last: 5 },
          { first: 39, last: 99 },
        ],
      }),
    ).toEqual([3, 4, 5, 39, 40]);
    expect(chosen({ classes: ['elevated'], last: 2 })).toEqual([36, 40]);
    expect(chosen({ classes: ['elevated'], last: 100 })).toHaveLength(10);
  });

  test('by time: the first moment is in, the one after the last is not', () => {
    const at = (text: string) => parseMoment(text, ZONE);
    expect(chosen({ untilMs: at('2026-01-05T09:00:04')?.endMs ?? null })).toEqual([1, 2]);
    expect(chosen({ fromMs: at('2026-01-05T09:01:20')?.startMs ?? null })).toEqual([40]);
    expect(chosen({ untilMs: at('2026-01-05 09:00')?.endMs ?? null })).toHaveLength(29);
    expect(chosen({ fromMs: at('2026-01-06')?.startMs ?? null })).toEqual([]);
    expect(chosen({ fromMs: at('2026-01-05')?.startMs ?? null })).toHaveLength(40);
  });
});

describe('an end of a time window', () => {
  test.each([
    ['2026-01-31', '2026-01-30T15:00:00Z', 86_400_000],
    ['2026-01-31T14:05', '2026-01-31T05:05:00Z', 60_000],
    ['2026-01-31 14:05', '2026-01-31T05:05:00Z', 60_000],
    ['2026-01-31T14:05:30', '2026-01-31T05:05:30Z', 1000],
    ['2026-01-31T14:05+00:00', '2026-01-31T14:05:00Z', 60_000],
    ['2026-01-31T14:05:30Z', '2026-01-31T14:05:30Z', 1000],
  ])('%s', (text, start, lengthMs) => {
    const startMs = Date.parse(start);
    expect(parseMoment(text, ZONE)).toEqual({ startMs, endMs: startMs + lengthMs });
  });

  test('a time without a day is today', () => {
    const moment = parseMoment('14:05', ZONE);
    expect((moment?.endMs ?? 0) - (moment?.startMs ?? 0)).toBe(60_000);
    expect(new Date(moment?.startMs ?? 0).toISOString()).toContain('T05:05:00');
  });

  test('a day as long as it is where the clocks are changed', () => {
    const moment = parseMoment('2026-03-29', 'Europe/Berlin');
    expect((moment?.endMs ?? 0) - (moment?.startMs ?? 0)).toBe(23 * 3_600_000);
  });

  test.each(['', 'yesterday', '2026-02-30', '2026-13-01', '25:00'])('not %s', (text) => {
    expect(parseMoment(text, ZONE)).toBeNull();
  });
});

test('numbers and ranges are read, anything else is not', () => {
  expect(parseNumberRange('12')).toEqual({ first: 12, last: 12 });
  expect(parseNumberRange('12-20')).toEqual({ first: 12, last: 20 });
  for (const text of ['', '0', '0-3', '20-12', '-3', '1.5', '1-2-3', 'x'])
    expect(parseNumberRange(text)).toBeNull();
});

test('ranges hold the very numbers they were made of', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (given) => {
      const numbers = given.sort((a, b) => a - b);
      const ranges = rangesOf(numbers.map((number) => ({ number })));
      const held = ranges.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(held).toEqual(numbers);
      const read = numbersText(ranges).split(', ').map(parseNumberRange);
      if (numbers.length > 0) expect(read).toEqual(ranges);
    }),
  );
});
