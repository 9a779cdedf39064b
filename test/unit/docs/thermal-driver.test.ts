import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../..');
const POINTS = 18;

/** The text of every test file of a name. */
function testsNamed(name: string): string {
  const files = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => path.basename(file) === `${name}.test.ts`)
    .map((file) => readFileSync(path.join(ROOT, 'test', file), 'utf8'))
    .join('\n');
}

const rows = readFileSync(path.join(ROOT, 'docs/thermal-driver.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, number, , , tests] = line.split(' | ').length === 4 ? ['', ...line.slice(2).split(' | ')] : [];
    return number !== undefined && tests !== undefined && /^\d+$/.test(number)
      ? [{ number: Number(number), tests: tests.replace(/ \|$/, '') }]
      : [];
  });

test('every known pitfall has its row', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: POINTS }, (_, index) => index + 1));
});

describe('the tests that the table names exist', () => {
  test.each(rows)('point $number', ({ tests }) => {
    const named = [...tests.matchAll(/`([a-z-]+)`: ([^`]+)/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, file = '', titles = ''] of named) {
      const text = testsNamed(file);
      for (const title of titles.split(';').map((one) => one.trim())) {
        if (title !== '') expect(text, `${file}: ${title}`).toContain(title);
      }
    }
  });
});
