import { spawnSync } from 'node:child_process';
import {
  appendFile,
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DiskVisitStore } from '../../src/io/store/disk-visit-store.ts';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import { writeVisitsFile } from '../../src/io/store/visits-file.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog } from '../support/an-alert.ts';
import { changeBytes, PLACE, visitsFileIn, visitsOnDisk } from '../support/visits-on-disk.ts';

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
const numbersOnDisk = async (directory = folder): Promise<number[]> =>
  (await visitsOnDisk(directory)).map(({ number }) => number);

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
  expect(await numbersOnDisk()).toEqual([1]);
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
  expect(await numbersOnDisk()).toHaveLength(100);
  await again.close();
  const smaller = await open(7);
  expect(numbers(smaller)).toEqual(from(296, 302));
  expect(await numbersOnDisk()).toHaveLength(7);
  expect(smaller.beyondCap).toEqual({ visits: 93, photos: 0 });
  await appendAll(smaller, 10);
  expect(await numbersOnDisk()).toEqual(from(306, 312));
  await smaller.close();
  const larger = await open(150);
  await appendAll(larger, 200);
  expect(await numbersOnDisk()).toEqual(from(363, 512));
  await larger.close();
});

test('at the cap nothing of the file is created, renamed, removed or grown, and a visit changes its place alone', async () => {
  const store = await open(100);
  await appendAll(store, 130);
  const file = visitsFileIn(folder);
  for (let count = 1; count <= 120; count++) {
    const [before, was] = [await readFile(file), await stat(file)];
    await store.append(aVisit(store.nextNumber));
    const [after, is] = [await readFile(file), await stat(file)];
    expect([is.ino, is.size]).toEqual([was.ino, was.size]);
    const changed = from(0, is.size / PLACE - 1).filter(
      (place) =>
        !after
          .subarray(place * PLACE, (place + 1) * PLACE)
          .equals(before.subarray(place * PLACE, (place + 1) * PLACE)),
    );
    expect(changed).toHaveLength(1);
  }
  await store.close();
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
  const damaged = async (
    change: (bytes: Buffer) => Buffer,
    count = 12,
    cap = 100,
  ): Promise<DiskVisitStore> => {
    const store = await open(cap);
    await appendAll(store, count);
    await store.close();
    await changeBytes(visitsFileIn(folder), change);
    return open(cap);
  };
  const aside = (): Promise<string> => readFile(`${visitsFileIn(folder)}.bad`, 'latin1');
  const inLine = (bytes: Buffer, line: number, was: string, is: string): Buffer => {
    const place = bytes.subarray(line * PLACE, (line + 1) * PLACE);
    const changed = Buffer.from(place.toString('latin1').replace(was, is), 'latin1');
    return Buffer.concat([bytes.subarray(0, line * PLACE), changed, bytes.subarray((line + 1) * PLACE)]);
  };

  test('a torn last line is cut off and counted', async () => {
    const store = await damaged((bytes) =>
      Buffer.concat([bytes, Buffer.from('{"number":13,"time":"2026-0')]),
    );
    expect(store.repairs).toEqual({ tornLines: 1, badLines: 0 });
    expect(numbers(store)).toEqual(from(1, 12));
    await store.append(aVisit(13));
    await store.close();
    const again = await open(100);
    expect(again.repairs).toEqual({ tornLines: 0, badLines: 0 });
    expect(numbers(again)).toEqual(from(1, 13));
    await again.close();
  });

  test('unreadable lines are set aside, the readable ones kept', async () => {
    const store = await damaged((bytes) =>
      inLine(inLine(bytes, 11, '"number":11', '"number":1\u00001'), 13, ' '.repeat(8), 'nonsense'),
    );
    expect(store.repairs).toEqual({ tornLines: 0, badLines: 3 });
    expect(numbers(store)).toEqual([...from(1, 10), 12]);
    expect(store.nextNumber).toBe(16);
    expect(await aside()).toContain('nonsense');
    await store.close();
    const again = await open(100);
    expect(again.repairs.badLines).toBe(0);
    expect(again.nextNumber).toBe(16);
    expect(numbers(again)).toEqual([...from(1, 10), 12]);
    await appendAll(again, 120);
    expect((await readdir(folder)).filter((name) => name.endsWith('.bad'))).toEqual([]);
    await appendAll(again, 3);
    expect(numbers(again)).toEqual(from(39, 138));
    await again.close();
  });

  test.each([
    ['beside its photo', '"class"', '"klass"'],
    ['in the middle of the key', 'KLMNOP', 'K\u0001\u0001\u0001\u0001P'],
  ])('of a visit damaged %s the key of its photo is not set aside', async (_, was, is) => {
    const key = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg';
    const store = await open(100);
    await appendAll(store, 12);
    await store.close();
    const photo = { key: Buffer.from(key, 'base64url'), blocks: [3] };
    await writeVisitsFile(
      folder,
      store.visits().map((visit) => ({ visit, photo, alert: null })),
      1,
      0,
    );
    await changeBytes(visitsFileIn(folder), (bytes) => inLine(bytes, 5, was, is));
    await (await open(100)).close();
    const text = await aside();
    expect(text).toContain('"photo":["');
    expect(from(0, key.length - 16).filter((at) => text.includes(key.slice(at, at + 16)))).toEqual([]);
  });

  test('what was rewritten leaves nothing of itself in free blocks', async () => {
    await (await damaged((bytes) => bytes)).close();
    const before = await openFile(visitsFileIn(folder));
    await changeBytes(visitsFileIn(folder), (bytes) => inLine(bytes, 5, '"class"', '"klass"'));
    await (await open(100)).close();
    expect((await before.readFile()).toString('latin1')).not.toContain('"number"');
    await before.close();
    expect(await numbersOnDisk()).toEqual([...from(1, 4), ...from(6, 12)]);
  });

  test('a changed byte is noticed, wherever it is', async () => {
    const flipped = (bytes: Buffer): Buffer => inLine(bytes, 5, '09:00:10', '09:00:11');
    const store = await damaged(flipped);
    expect(store.repairs).toEqual({ tornLines: 0, badLines: 1 });
    expect(numbers(store)).toEqual([...from(1, 4), ...from(6, 12)]);
    await store.close();
  });

  test('lines that have lost their places are found', async () => {
    const store = await damaged((bytes) => {
      const cut = bytes.indexOf('"number":4,') - 30;
      return Buffer.concat([bytes.subarray(0, cut), Buffer.from('xyz'), bytes.subarray(cut + 13)]);
    });
    expect(store.repairs.tornLines).toBe(0);
    expect(numbers(store)).toEqual(from(1, 12));
    await appendAll(store, 100);
    expect(await numbersOnDisk()).toEqual(numbers(store));
    await store.close();
  });

  test('what is missing or zeros is told, and its numbers are not given again', async () => {
    const zeros = await damaged((bytes) => bytes.fill(0, 8 * PLACE, 16 * PLACE), 80);
    expect(zeros.repairs).toEqual({ tornLines: 0, badLines: 8 });
    expect(numbers(zeros)).toEqual([...from(1, 7), ...from(16, 80)]);
    await zeros.close();
    await rm(visitsFileIn(folder));
    const cut = await damaged((bytes) => bytes.subarray(0, 78 * PLACE), 80);
    expect(cut.repairs.badLines).toBe(128 - 78);
    expect(numbers(cut)).toEqual(from(1, 77));
    expect(cut.nextNumber).toBeGreaterThan(80);
    await cut.close();
  });

  test('a file of zeros, of noise or of nothing is never taken for an empty one', async () => {
    for (const change of [
      (bytes: Buffer) => bytes.fill(0),
      (bytes: Buffer) => bytes.fill(0xee),
      () => Buffer.of(),
    ]) {
      const store = await damaged(change);
      expect(store.repairs.badLines + store.repairs.tornLines).toBeGreaterThan(0);
      await store.close();
      await rm(visitsFileIn(folder));
    }
  });

  test('places that a power cut has left half made are no damage', async () => {
    const store = await open(100);
    await appendAll(store, 12);
    await store.close();
    const blank = Buffer.concat([Buffer.alloc(PLACE - 1, ' '), Buffer.from('\n')]);
    await appendFile(visitsFileIn(folder), Buffer.concat([Buffer.alloc(PLACE), blank, Buffer.alloc(PLACE)]));
    const again = await open(100);
    expect(again.repairs).toEqual({ tornLines: 0, badLines: 0 });
    await appendAll(again, 70);
    await again.close();
    const last = await open(100);
    expect(last.repairs).toEqual({ tornLines: 0, badLines: 0 });
    expect(numbers(last)).toEqual(from(1, 82));
    await last.close();
  });

  test('a normal visit with a temperature is not accepted', async () => {
    const line =
      '{"number":13,"time":"2026-01-05T09:00:00+09:00","class":"normal","mask":"worn","temperature_c":36';
    const store = await damaged((bytes) =>
      inLine(bytes, 13, ' '.repeat(130), `${line},"crc":"${crc32(line).toString(16).padStart(8, '0')}"}`),
    );
    expect(store.repairs.badLines).toBe(1);
    await store.close();
  });

  test('an unreadable line takes up a place under the cap, until the visits around it are deleted', async () => {
    const store = await damaged((bytes) => inLine(bytes, 50, '"class"', '"klass"'), 104);
    expect(numbers(store)).toHaveLength(99);
    await appendAll(store, 1);
    expect(numbers(store)).toHaveLength(99);
    expect(await aside()).toContain('"klass"');
    await appendAll(store, 60);
    await appendAll(store, 1);
    expect(numbers(store)).toHaveLength(100);
    expect(await readdir(folder)).not.toContain('visits.ndjson.bad');
    await store.close();
  });

  test('repairs are logged', async () => {
    await (await damaged((bytes) => bytes.subarray(0, 5))).close();
    await appendFile(visitsFileIn(folder), '{');
    const log = aLog();
    await (await openVisitStore({ directory: folder, capVisits: 100, log })).close();
    expect(log.messages).toEqual(['visit records repaired', 'visit records opened']);
  });
});

test('whatever is appended, closed, torn, or kept under another cap, the last visits up to the cap are there in order', {
  timeout: 60_000,
}, async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 90 }) }),
    fc.record({ kind: fc.constant('reopen' as const), cap: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ kind: fc.constant('tear' as const), bytes: fc.string({ minLength: 1, maxLength: 40 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 45 }),
      fc.array(step, { maxLength: 14 }),
      async (firstCap, steps) => {
        const directory = await mkdtemp(path.join(folder, 'run-'));
        let cap = firstCap;
        let store = await open(cap, directory);
        let next = 1;
        let kept: number[] = [];
        for (const one of steps) {
          if (one.kind === 'append') {
            await appendAll(store, one.count);
            kept = [...kept, ...from(next, next + one.count - 1)];
            next += one.count;
          } else {
            await store.close();
            if (one.kind === 'reopen') cap = one.cap;
            else if (next > 1) await appendFile(visitsFileIn(directory), one.bytes.replaceAll('\n', ' '));
            store = await open(cap, directory);
          }
          kept = kept.slice(-cap);
          expect(numbers(store)).toEqual(kept);
          expect(await numbersOnDisk(directory)).toEqual(kept);
          expect(store.nextNumber).toBe(next);
        }
        await store.close();
      },
    ),
    { numRuns: 40 },
  );
});
