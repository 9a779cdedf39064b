import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CSV_COLUMNS, CSV_HEADER, csvLine, csvOfVisit } from '../../../src/records/csv.ts';
import { toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';

test('a visit is a line of RFC 4180', () => {
  expect(CSV_HEADER.endsWith('check_time\r\n')).toBe(true);
  expect(csvOfVisit(toStoredVisit(aVisit(7), 'Asia/Seoul'))).toBe(
    '7,2026-01-05T09:00:14+09:00,true,normal,worn,,,,,,,,\r\n',
  );
  const elevated = toStoredVisit({ ...aVisit(8, 'elevated'), timeTrusted: false }, 'Asia/Seoul');
  if (elevated.class === 'normal') throw new Error('elevated expected');
  const check = { result: 'confirmed', temperature_c: 38.2, time: '2026-01-05T09:05:00+09:00' } as const;
  expect(csvOfVisit({ ...elevated, check })).toBe(
    '8,2026-01-05T09:00:16+09:00,false,elevated,worn,36.71,0.12,34.85,35.85,4d4c58000001,confirmed,38.2,2026-01-05T09:05:00+09:00\r\n',
  );
});

test('every column is documented', async () => {
  const documented = await readFile(path.join(import.meta.dirname, '../../../docs/records.md'), 'utf8');
  for (const name of CSV_COLUMNS) expect(documented).toContain(`| \`${name}\` |`);
});

test('whatever the texts, a reader gets them back, and none is a formula', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom(...'ab1",;=+-@\t\r\n \'가') }), {
        minLength: 1,
        maxLength: 6,
      }),
      (texts) => {
        const [read, ...others] = readCsv(csvLine(texts));
        expect(others).toEqual([]);
        expect(read?.map((text, index) => (text === `'${texts[index]}` ? texts[index] : text))).toEqual(
          texts,
        );
        expect(read?.filter((text) => /^[=+\-@\t\r]/.test(text))).toEqual([]);
      },
    ),
    { examples: [[['=1+1', '-x', '@a', '+1', '\t', '\r', 'a"b,c\r\nd', '']]] },
  );
});

test('a negative number stays one', () => {
  expect(csvLine([-1.5, true, null])).toBe('-1.5,true,\r\n');
});

/** A reader of RFC 4180, by its grammar. */
function readCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [[]];
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let match = fields.exec(text); match !== null; match = fields.exec(text)) {
    records.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}
