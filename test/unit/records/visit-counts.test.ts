import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Visit } from '../../../src/domain/visit.ts';
import {
  countsPlace,
  countVisit,
  type DayCounts,
  parseCountsLine,
  parseOldCounts,
  settledCounts,
} from '../../../src/records/visit-counts.ts';

const counted = fc.array(
  fc.record({
    day: fc.constantFrom(null, '2026-01-03', '2026-01-04', '2026-01-05'),
    outcome: fc.constantFrom<Visit['outcome']>('normal', 'recheck', 'elevated'),
    mask: fc.constantFrom<Visit['mask']>('worn', 'not-worn', 'unsure'),
  }),
);
const counts = counted.map((visits) =>
  visits.reduce<readonly DayCounts[]>((days, { day, ...visit }) => countVisit(days, day, visit), []),
);
const total = (days: readonly DayCounts[]): number => days.reduce((sum, { visits }) => sum + visits, 0);

test('each visit counts once in its day, once as its class and once by its mask, and reads back', () => {
  fc.assert(
    fc.property(counts, (days) => {
      for (const day of days) {
        expect(day.normal + day.recheck + day.elevated).toBe(day.visits);
        expect(day.mask_worn + day.mask_not_worn + day.mask_unsure).toBe(day.visits);
      }
      expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
      for (const day of days)
        expect(parseCountsLine(Buffer.from(countsPlace(day)).toString('latin1').trimEnd())).toEqual(day);
      expect(parseOldCounts(JSON.stringify({ version: 1, days }))).toEqual(days);
    }),
  );
});

test('settled, every count has a day from the oldest on, and only older days are lost', () => {
  fc.assert(
    fc.property(counts, (days) => {
      const settled = settledCounts(days, '2026-01-05', '2026-01-04');
      expect(settled.every(({ day }) => day !== null && day >= '2026-01-04')).toBe(true);
      const lost = days.filter(({ day }) => day === '2026-01-03');
      expect(total(settled)).toBe(total(days) - total(lost));
    }),
  );
});

test.each(['', '[]', '{"version":1,"days":[{"day":"2026-01-05","visits":1}]}'])('%s is no counts', (text) => {
  expect(parseOldCounts(text)).toBeNull();
  expect(parseCountsLine(text)).toBeNull();
});
