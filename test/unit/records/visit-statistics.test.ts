import { expect, test } from 'vitest';
import { toStoredVisit } from '../../../src/records/stored-visit.ts';
import { statisticsOf } from '../../../src/records/visit-statistics.ts';
import { aVisit } from '../../support/a-visit.ts';

test('visits are counted by day and class', () => {
  const day = 86_400_000;
  const visits = [
    aVisit(1),
    { ...aVisit(2, 'elevated'), timeTrusted: false },
    { ...aVisit(3, 'recheck'), timeMs: aVisit(3).timeMs + day },
  ].map((visit) => toStoredVisit(visit, 'Asia/Seoul'));
  expect(statisticsOf(visits)).toEqual({
    held: 3,
    classes: { normal: 1, recheck: 1, elevated: 1 },
    days: [
      { day: '2026-01-05', classes: { normal: 1, recheck: 0, elevated: 1 } },
      { day: '2026-01-06', classes: { normal: 0, recheck: 1, elevated: 0 } },
    ],
    oldest: { number: 1, time: '2026-01-05T09:00:02+09:00' },
    newest: { number: 3, time: '2026-01-06T09:00:06+09:00' },
    untrustedTimes: 1,
  });
  expect(statisticsOf([])).toMatchObject({ held: 0, days: [], oldest: null, newest: null });
});
