import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DiskVisitStore, openVisitStore } from '../../src/io/store/visit-store.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog } from '../support/an-alert.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (capVisits = 25_000, directory = folder): Promise<DiskVisitStore> =>
  openVisitStore({ directory, capVisits, zone: 'Asia/Seoul' });
const numbers = (store: DiskVisitStore): number[] => store.visits().map(({ number }) => number);
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const appendAll = async (store: DiskVisitStore, count: number): Promise<void> => {
  const first = store.nextNumber;
  await Promise.all(from(first, first + count - 1).map((number) => store.append(aVisit(number))));
};
const segments = async (directory = folder): Promise<string[]> =>
  (await readdir(directory)).filter((name) => /^visits-.*ndjson$/.test(name)).sort();
const onDisk = async (directory = folder): Promise<string[]> =>
  (await Promise.all((await segments(directory)).map((name) => readFile(path.join(directory, name), 'utf8'))))
    .join('')
    .split('\n')
    .slice(0, -1);
const numbersOnDisk = async (directory = folder): Promise<number[]> =>
  (await onDisk(directory))
    .filter((line) => line.trim() !== '')
    .map((line) => (JSON.parse(line) as { number: number }).number);

test('visits, and their numbers, go on after a restart', async () => {
  const before = await open();
  await before.append(aVisit(1, 'elevated'));
  await before.append(aVisit(2));
  await before.close();
  const after = await open();
  expect(after.visits()).toEqual([
    {
      number: 1,
      time: '2026-01-05T09:00:02+09:00',
      class: 'elevated',
      mask: 'worn',
      temperature_c: 36.71,
      uncertainty_c: 0.12,
      baseline_c: 34.85,
      limit_c: 35.85,
      sensor: '4d4c58000001',
    },
    { number: 2, time: '2026-01-05T09:00:04+09:00', class: 'normal', mask: 'worn' },
  ]);
  expect(after.nextNumber).toBe(3);
  await after.close();
});

test('a visit is on disk when append resolves, and is seen only then', async () => {
  const store = await open();
  const stored = store.append(aVisit(1));
  expect(numbers(store)).toEqual([]);
  await stored;
  expect(await onDisk()).toHaveLength(1);
  expect(numbers(store)).toEqual([1]);
  await store.close();
});

test('beyond the cap the oldest are deleted in order, from their files at once', async () => {
  const store = await open(100);
  for (let count = 1; count <= 250; count++) {
    await store.append(aVisit(count));
    expect(numbers(store)).toEqual(from(Math.max(1, count - 99), count));
    expect(await numbersOnDisk()).toEqual(from(Math.max(1, count - 99), count));
  }
  await appendAll(store, 52);
  await store.close();
  const again = await open(100);
  expect(numbers(again)).toEqual(from(203, 302));
  expect(await onDisk()).toHaveLength(100);
  await again.close();
  const smaller = await open(7);
  expect(numbers(smaller)).toEqual(from(296, 302));
  expect(await onDisk()).toHaveLength(7);
  await smaller.close();
});

test('files and folder are their owner’s alone', async () => {
  const inner = path.join(folder, 'a', 'records');
  const store = await open(10, inner);
  await store.append(aVisit(1));
  expect((await stat(inner)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(inner))
    expect((await stat(path.join(inner, name))).mode & 0o777).toBe(0o600);
  await store.close();
});

test('a second gate is refused; a lock whose process has ended is taken over', async () => {
  const store = await open();
  await expect(open()).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(String(process.pid)),
  });
  await store.close();
  const ended = spawnSync('true').pid;
  for (const stale of [`${ended} -\n`, `${process.pid} another-boot/1\n`, '']) {
    await writeFile(path.join(folder, 'visits.lock'), stale);
    await (await open()).close();
  }
  expect(await readdir(folder)).toEqual([]);
});

test('a number that does not rise is a bug, told at once', async () => {
  const store = await open();
  await store.append(aVisit(5));
  await expect(store.append(aVisit(5))).rejects.toThrow(RangeError);
  await store.close();
  await expect(store.append(aVisit(6))).rejects.toMatchObject({ code: 'closed' });
});

describe('damage', () => {
  const damaged = async (change: (name: string) => Promise<void>): Promise<DiskVisitStore> => {
    const store = await open(100);
    await appendAll(store, 12);
    await store.close();
    await change(path.join(folder, (await segments()).at(-1) ?? ''));
    return open(100);
  };

  test('a torn last line is cut off and counted', async () => {
    const store = await damaged((name) => appendFile(name, '{"number":13,"time":"2026-0'));
    expect(store.repairs).toEqual({ tornLines: 1, badLines: 0 });
    expect(numbers(store)).toEqual(from(1, 12));
    await store.append(aVisit(13));
    await store.close();
    const again = await open(100);
    expect(again.repairs).toEqual({ tornLines: 0, badLines: 0 });
    expect(numbers(again)).toEqual(from(1, 13));
    await again.close();
  });

  test('a torn line in an older segment is cut off once', async () => {
    await (
      await damaged(async () => appendFile(path.join(folder, (await segments())[0] ?? ''), '{'))
    ).close();
    const again = await open(100);
    expect(again.repairs).toEqual({ tornLines: 0, badLines: 0 });
    expect(numbers(again)).toEqual(from(1, 12));
    await again.close();
  });

  test('unreadable lines are set aside, the readable ones kept', async () => {
    const store = await damaged(async (name) => {
      const text = await readFile(name, 'utf8');
      await writeFile(name, text.replace('"number":11', '"number":1\u00001').replace(/\n$/, '\nnonsense\n'));
    });
    expect(store.repairs).toEqual({ tornLines: 0, badLines: 2 });
    expect(numbers(store)).toEqual([...from(1, 10), 12]);
    expect(store.nextNumber).toBe(14);
    await store.close();
    const again = await open(100);
    expect(again.repairs.badLines).toBe(0);
    expect(again.nextNumber).toBe(14);
    const aside = (await readdir(folder)).filter((name) => name.endsWith('.bad'));
    expect(aside).toEqual(['visits-000000011.ndjson.bad']);
    expect(await readFile(path.join(folder, aside[0] ?? ''), 'utf8')).toContain('nonsense');
    await appendAll(again, 120);
    expect((await readdir(folder)).filter((name) => name.endsWith('.bad'))).toEqual([]);
    await again.close();
  });

  test('a normal visit with a temperature is not accepted', async () => {
    const line =
      '{"number":13,"time":"2026-01-05T09:00:00+09:00","class":"normal","mask":"worn","temperature_c":36}\n';
    const store = await damaged((name) => appendFile(name, line));
    expect(store.repairs.badLines).toBe(1);
    await store.close();
  });

  test('a deleted visit does not come back when another becomes unreadable', async () => {
    const store = await open(100);
    await appendAll(store, 104);
    await store.close();
    const last = path.join(folder, (await segments()).at(-1) ?? '');
    await appendFile(last, 'x\n');
    const again = await open(100);
    expect(numbers(again)).toEqual(from(6, 104));
    await again.close();
  });

  test('a visit erased by half, or back after a power cut, is deleted and not told as damage', async () => {
    const store = await open(100);
    await appendAll(store, 100);
    const name = path.join(folder, (await segments())[0] ?? '');
    const unerased = await readFile(name, 'utf8');
    await appendAll(store, 3);
    await store.close();
    const texts = unerased.split('\n');
    const halves = [
      texts[0] ?? '',
      `${' '.repeat(20)}${texts[1]?.slice(20)}`,
      `${texts[2]?.slice(0, 20)}${' '.repeat(60)}`,
    ];
    await writeFile(name, [...halves, ...texts.slice(3)].join('\n'));
    const again = await open(100);
    expect(again.repairs).toEqual({ tornLines: 0, badLines: 0 });
    expect(numbers(again)).toEqual(from(4, 103));
    expect(await onDisk()).toHaveLength(100);
    expect(again.nextNumber).toBe(104);
    await appendAll(again, 4);
    expect(await numbersOnDisk()).toEqual(from(8, 107));
    await again.close();
  });

  test('repairs are logged', async () => {
    await (await damaged((name) => truncate(name, 5))).close();
    await appendFile(path.join(folder, (await segments()).at(-1) ?? ''), '{');
    const log = aLog();
    await (await openVisitStore({ directory: folder, capVisits: 100, log })).close();
    expect(log.messages).toEqual(['visit records repaired', 'visit records opened']);
  });
});

test('whatever is appended, closed or torn, the last visits up to the cap are there in order', {
  timeout: 60_000,
}, async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.constant({ kind: 'reopen' as const }),
    fc.record({ kind: fc.constant('tear' as const), bytes: fc.string({ minLength: 1, maxLength: 40 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 45 }),
      fc.array(step, { maxLength: 14 }),
      async (cap, steps) => {
        const directory = await mkdtemp(path.join(folder, 'run-'));
        let store = await open(cap, directory);
        let stored = 0;
        for (const one of steps) {
          if (one.kind === 'append') {
            await appendAll(store, one.count);
            stored += one.count;
          } else {
            await store.close();
            const last = (await readdir(directory))
              .filter((name) => name.endsWith('.ndjson'))
              .sort()
              .at(-1);
            if (one.kind === 'tear' && last)
              await appendFile(path.join(directory, last), one.bytes.replaceAll('\n', ' '));
            store = await open(cap, directory);
          }
          expect(numbers(store)).toEqual(from(Math.max(1, stored - cap + 1), stored));
          expect(await numbersOnDisk(directory)).toEqual(numbers(store));
          expect(store.nextNumber).toBe(stored + 1);
        }
        await store.close();
      },
    ),
    { numRuns: 40 },
  );
});
