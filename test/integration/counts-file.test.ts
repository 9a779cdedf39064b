import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CountsFile, readCounts } from '../../src/io/store/counts-file.ts';
import { countVisit, type DayCounts, settledCounts } from '../../src/records/visit-counts.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-counts-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const VISIT = { outcome: 'recheck', mask: 'worn' } as const;

test('every visit counts once on disk, whatever days come, settle and are read again', async () => {
  const day = fc.option(fc.integer({ min: 10, max: 19 }).map((number) => `2026-01-${number}`));
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), day }) },
    fc.constant({ kind: 'settle' as const }),
    fc.constant({ kind: 'reopen' as const }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const directory = await mkdtemp(path.join(folder, 'run-'));
      let counts = await CountsFile.open(directory);
      let expected: readonly DayCounts[] = [];
      for (const one of steps) {
        if (one.kind === 'add') {
          await counts.add(VISIT, one.day);
          expected = countVisit(expected, one.day, VISIT);
        } else if (one.kind === 'settle') {
          await counts.settle('2026-01-15', '2026-01-12');
          expected = settledCounts(expected, '2026-01-15', '2026-01-12');
        } else {
          await counts.close();
          counts = await CountsFile.open(directory);
        }
        expect(await readCounts(directory)).toEqual(expected);
      }
      await counts.clear();
      expect(await readdir(directory)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('counting neither makes a new file nor lets it grow', async () => {
  const counts = await CountsFile.open(folder);
  await counts.add(VISIT, '2026-01-05');
  const { ino, size } = await stat(path.join(folder, 'counts.ndjson'));
  for (let count = 0; count < 20; count++) await counts.add(VISIT, `2026-01-${10 + count}`);
  expect(await stat(path.join(folder, 'counts.ndjson'))).toMatchObject({ ino, size });
  expect(await readCounts(folder)).toHaveLength(21);
  await counts.close();
});

test('counts of the version before go on', async () => {
  const days = countVisit(countVisit([], '2026-01-05', VISIT), null, VISIT);
  await writeFile(path.join(folder, 'counts.json'), `${JSON.stringify({ version: 1, days })}\n`);
  expect(await readCounts(folder)).toEqual(days);
  const counts = await CountsFile.open(folder);
  expect(counts.of('2026-01-05')).toMatchObject({ visits: 1 });
  await counts.add(VISIT, '2026-01-05');
  await counts.close();
  expect(await readCounts(folder)).toMatchObject([{ visits: 2 }, { day: null, visits: 1 }]);
  expect(await readdir(folder)).toEqual(['counts.ndjson']);
});
