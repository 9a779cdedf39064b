import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Visit } from '../../../src/domain/visit.ts';
import { parseStoredVisit, toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';

const visits = fc.record<Visit>({
  number: fc.integer({ min: 1, max: 1e9 }),
  timeMs: fc.double({ min: 0, max: 4e12, noNaN: true }),
  timeTrusted: fc.boolean(),
  outcome: fc.constantFrom('normal', 'recheck', 'elevated'),
  mask: fc.constantFrom('worn', 'not-worn', 'unsure'),
  reading: fc.record({
    temperatureC: fc.double({ min: 20, max: 45, noNaN: true }),
    uncertaintyC: fc.double({ min: 0, max: 2, noNaN: true }),
  }),
  baselineC: fc.option(fc.double({ min: 20, max: 45, noNaN: true })),
  limitC: fc.double({ min: 30, max: 45, noNaN: true }),
  sensor: fc.stringMatching(/^[0-9a-f]{12}$/),
});

test('a normal visit keeps number, time, class and mask, and no temperature', () => {
  fc.assert(
    fc.property(visits, (visit) => {
      const stored = toStoredVisit({ ...visit, outcome: 'normal' }, 'Asia/Seoul');
      const time = visit.timeTrusted ? ['time'] : ['time', 'time_trusted'];
      expect(Object.keys(stored)).toEqual(['number', ...time, 'class', 'mask']);
    }),
  );
});

test('every stored visit reads back as it was', () => {
  fc.assert(
    fc.property(visits, fc.constantFrom('UTC', 'Asia/Seoul', 'America/St_Johns'), (visit, zone) => {
      const stored = toStoredVisit(visit, zone);
      expect(parseStoredVisit(JSON.stringify(stored))).toEqual(stored);
      expect(Math.abs(Date.parse(stored.time) - visit.timeMs)).toBeLessThan(1000);
    }),
  );
});

test('elevated and recheck keep the reading to a hundredth, and local time with its offset', () => {
  expect(toStoredVisit({ ...aVisit(3, 'recheck'), baselineC: null }, 'Europe/Berlin')).toEqual({
    number: 3,
    time: '2026-01-05T01:00:06+01:00',
    class: 'recheck',
    mask: 'worn',
    temperature_c: 36.71,
    uncertainty_c: 0.12,
    baseline_c: null,
    limit_c: 35.85,
    sensor: '4d4c58000001',
  });
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"number":1'],
  ['no visit', '[]'],
  [
    'a normal visit with a temperature',
    '{"number":1,"time":"2026-01-05T01:00:06+01:00","class":"normal","mask":"worn","temperature_c":36}',
  ],
  [
    'an elevated visit without one',
    '{"number":1,"time":"2026-01-05T01:00:06+01:00","class":"elevated","mask":"worn"}',
  ],
  ['a time without offset', '{"number":1,"time":"2026-01-05T01:00:06","class":"normal","mask":"worn"}'],
  [
    'a field too many',
    '{"number":1,"time":"2026-01-05T01:00:06+01:00","class":"normal","mask":"worn","name":"A"}',
  ],
])('%s is not a stored visit', (_what, line) => {
  expect(parseStoredVisit(line)).toBeNull();
});

test('what is no time is a bug, told at once', () => {
  expect(() => toStoredVisit({ ...aVisit(1), timeMs: Number.NaN })).toThrow(RangeError);
});
