import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../..');
const TABLE = readFileSync(path.join(ROOT, 'docs/privacy/requirements.md'), 'utf8');
const rows = TABLE.split('\n').flatMap((line) => {
  const cells = /^\| (R-\d\d) \| (.*) \| (.*) \| (.*) \|$/.exec(line);
  return cells === null ? [] : [{ id: cells[1], where: cells[3] ?? '', tests: cells[4] ?? '' }];
});

test('all 32 requirements are there, once and in order', () => {
  const ids = Array.from({ length: 32 }, (_, index) => `R-${String(index + 1).padStart(2, '0')}`);
  expect(rows.map(({ id }) => id)).toEqual(ids);
});

test('every requirement has a test, or says why not here', () => {
  for (const { id, tests } of rows) expect(tests, id).toMatch(/`test\/[^`]+: [^`]+`|not here: .+/);
});

test('every test named exists, under that title', () => {
  const named = [...TABLE.matchAll(/`(test\/[\w./-]+\.test\.ts): ([^`]+)`/g)];
  expect(named.length).toBeGreaterThan(32);
  for (const [, file = '', title = ''] of named) {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const quotes = ["'", '`', '"'].map((quote) => `${quote}${title}${quote}`);
    expect(
      quotes.some((quoted) => text.includes(quoted)),
      `${file}: ${title}`,
    ).toBe(true);
  }
});

test('every place named exists', () => {
  for (const { id, where } of rows) {
    for (const [, place = ''] of where.matchAll(/`([\w./-]+)`/g)) {
      expect(existsSync(path.join(ROOT, place)), `${id}: ${place}`).toBe(true);
    }
  }
});
