import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommonLine } from '../../../src/records/common-line.ts';
import { parseStoredVisit, toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';

/** The same line behind a space: as good a JSON text, and never the commonest form. */
const checkedFieldByField = (line: string) => parseStoredVisit(` ${line}`);

test('a visit as the store writes it is read the short way', () => {
  const line = JSON.stringify(toStoredVisit(aVisit(7), 'Asia/Seoul'));
  expect(parseCommonLine(line)).toEqual(checkedFieldByField(line));
  expect(Object.keys(parseCommonLine(line) ?? {})).toEqual(Object.keys(checkedFieldByField(line) ?? {}));
});

test('days that not every month has, other classes and doubtful times go the long way', () => {
  const day = Date.UTC(2026, 0, 29) - aVisit(1).timeMs;
  for (const visit of [
    aVisit(1, 'elevated'),
    { ...aVisit(1), timeTrusted: false },
    { ...aVisit(1), timeMs: aVisit(1).timeMs + day },
  ])
    expect(parseCommonLine(JSON.stringify(toStoredVisit(visit, 'UTC')))).toBeNull();
});

test('whatever is changed in a line, the short way accepts nothing that the long way would not', () => {
  const line = JSON.stringify(toStoredVisit(aVisit(1234), 'Asia/Seoul'));
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
});
