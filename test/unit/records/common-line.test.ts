import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommonLine } from '../../../src/records/common-line.ts';
import { parseStoredVisit, toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';

/** The same line behind a space: as good a JSON text, and never the commonest form. */
const checkedFieldByField = (line: string) => parseStoredVisit(` ${line}`);

const theLeast = {
  ...aVisit(7, 'recheck'),
  baselineC: null,
  reading: { temperatureC: -12.5, uncertaintyC: 0 },
};

test.each([aVisit(7), aVisit(7, 'elevated'), theLeast])(
  'a visit as the store writes it is read the short way',
  (visit) => {
    const line = JSON.stringify(toStoredVisit(visit, 'Asia/Seoul'));
    expect(parseCommonLine(line)).toEqual(checkedFieldByField(line));
    expect(Object.keys(parseCommonLine(line) ?? {})).toEqual(Object.keys(checkedFieldByField(line) ?? {}));
  },
);

test('every day of a leap year but its own is read the short way, and no other', () => {
  const line = (month: number, day: number) =>
    `{"number":1,"time":"2028-${two(month)}-${two(day)}T10:00:00+09:00","class":"normal","mask":"worn"}`;
  for (let month = 0; month <= 13; month++)
    for (let day = 0; day <= 32; day++) {
      const leapDay = month === 2 && day === 29;
      const visit = checkedFieldByField(line(month, day));
      expect(parseCommonLine(line(month, day)), line(month, day)).toEqual(leapDay ? null : visit);
    }
});

const two = (number: number) => String(number).padStart(2, '0');

test('doubtful times and visits that a guard has checked go the long way', () => {
  const checked = {
    ...toStoredVisit(aVisit(1, 'elevated'), 'UTC'),
    check: { result: 'cleared', temperature_c: 36.6, time: '2026-01-01T00:00:00Z' },
  };
  for (const visit of [checked, toStoredVisit({ ...aVisit(1), timeTrusted: false }, 'UTC')]) {
    expect(parseCommonLine(JSON.stringify(visit))).toBeNull();
    expect(parseStoredVisit(JSON.stringify(visit))).not.toBeNull();
  }
});

test.each([aVisit(1234), aVisit(1234, 'elevated')])(
  'whatever is changed in a line, the short way accepts nothing that the long way would not',
  (visit) => {
    const line = JSON.stringify(toStoredVisit(visit, 'Asia/Seoul'));
    fc.assert(
      fc.property(
        fc.nat({ max: line.length - 1 }),
        fc.nat({ max: 3 }),
        fc.string({ unit: fc.constantFrom(...'0123456789-+:TZ"{},. '), maxLength: 3 }),
        (at, cut, put) => {
          const changed = line.slice(0, at) + put + line.slice(at + cut);
          const usual = parseCommonLine(changed);
          if (usual !== null) expect(usual).toEqual(checkedFieldByField(changed));
        },
      ),
      { numRuns: 5000 },
    );
  },
);
