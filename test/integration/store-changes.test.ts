import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import { applyChange } from '../../src/io/store/apply-change.ts';
import { answerRequests } from '../../src/io/store/change-spool.ts';
import { enterCheck, eraseVisits } from '../../src/io/store/change-visits.ts';
import type { DiskVisitStore } from '../../src/io/store/disk-visit-store.ts';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import type { AuditTrail } from '../../src/ports/audit-trail.ts';
import type { Check } from '../../src/records/stored-visit.ts';
import { aVisit } from '../support/a-visit.ts';
import { changeBytes, visitsFileIn, visitsOnDisk } from '../support/visits-on-disk.ts';

let folder = '';
let events: AuditEvent[] = [];
const audit: AuditTrail = { append: async (event) => void events.push(event) };
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-changes-'));
  events = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const CHECK: Check = { result: 'cleared', temperature_c: 36.6, time: '2026-01-05T09:10:00+09:00' };
const open = (capVisits = 100, directory = folder): Promise<DiskVisitStore> =>
  openVisitStore({ directory, capVisits, zone: 'Asia/Seoul' });
const numbers = (store: DiskVisitStore): number[] => store.visits().map(({ number }) => number);
const bytes = async (directory = folder): Promise<string> =>
  (
    await Promise.all(
      (
        await readdir(directory)
      )
        .filter((name) => name.startsWith('visits.'))
        .map((name) => readFile(path.join(directory, name), 'utf8')),
    )
  ).join('');
const filled = async (count: number): Promise<DiskVisitStore> => {
  const store = await open();
  for (let number = 1; number <= count; number++)
    await store.append(aVisit(number, number % 3 === 0 ? 'elevated' : 'normal'));
  return store;
};

test('visits erased without a running gate are gone from their files, and the trail tells how many', async () => {
  await (await filled(12)).close();
  const asked = [1, 2, 3, 4, 5, 7, 12, 99];
  await expect(eraseVisits({ directory: folder, audit }, asked, 'visitor')).resolves.toEqual({ erased: 7 });
  expect(events).toEqual([{ event: 'erasure', by: 'visitor', visits: 7 }]);
  const text = await bytes();
  for (const number of [1, 2, 3, 4, 5, 7, 12]) expect(text).not.toContain(`"number":${number},`);
  const store = await open();
  expect(numbers(store)).toEqual([6, 8, 9, 10, 11]);
  expect(store.nextNumber).toBe(13);
  await store.append(aVisit(13));
  expect(numbers(store)).toEqual([6, 8, 9, 10, 11, 13]);
  await store.close();
});

test('the last visits can all be erased, also after a gap, and their numbers are not used again', async () => {
  const store = await open();
  await store.append(aVisit(1));
  await store.append(aVisit(7));
  const one = { visits: 1, photos: 0 };
  expect(await store.erase(() => [7])).toEqual(one);
  expect(await store.erase(() => [7])).toEqual({ visits: 0, photos: 0 });
  expect(await store.erase(() => [1])).toEqual(one);
  await store.close();
  const again = await open();
  expect(again.nextNumber).toBe(8);
  expect(numbers(again)).toEqual([]);
  expect(again.repairs).toEqual({ tornLines: 0, badLines: 0 });
  await again.close();
});

test('what a guard found is kept with the visit, and a second entry takes the place of the first', async () => {
  await (await filled(12)).close();
  const records = { directory: folder, audit };
  await enterCheck(records, 3, { ...CHECK, result: 'confirmed', temperature_c: null }, 'guard 1');
  await enterCheck(records, 3, CHECK, 'guard 2');
  expect(events.at(-1)).toEqual({ event: 'check-entered', visit: 3, result: 'cleared', by: 'guard 2' });
  for (const number of [2, 99]) {
    await expect(enterCheck(records, number, CHECK, 'guard')).rejects.toMatchObject({ code: 'not-found' });
  }
  const store = await open();
  expect(numbers(store)).toHaveLength(12);
  expect(store.visits()[2]).toMatchObject({ number: 3, class: 'elevated', check: CHECK });
  await store.close();
});

test('an unreadable line set aside goes with the visit it seems to tell of', async () => {
  await (await filled(3)).close();
  await changeBytes(visitsFileIn(folder), (file) =>
    Buffer.from(file.toString('latin1').replace('"number":2,', '"number":2,!'), 'latin1'),
  );
  const store = await open();
  expect(await bytes()).toContain('"number":2,!');
  await store.erase(() => [2, 3]);
  expect(await bytes()).not.toContain('"number":2,!');
  await store.close();
});

describe('beside a running gate', () => {
  const spool = (): string => path.join(folder, 'requests');
  /** Looks as a running gate does, only more often. */
  const running = async <T>(store: DiskVisitStore, work: Promise<T>): Promise<T> => {
    let waiting = true;
    const look = async (): Promise<void> => {
      while (waiting) {
        await answerRequests(folder, (request) => applyChange(store, audit, request));
        await sleep(20);
      }
    };
    const looking = look();
    try {
      return await work;
    } finally {
      waiting = false;
      await looking;
    }
  };

  test('the gate erases and enters, answers, and leaves nothing behind', async () => {
    const store = await filled(12);
    const records = { directory: folder, audit };
    await expect(running(store, eraseVisits(records, [1, 12], 'operator'))).resolves.toEqual({ erased: 2 });
    await running(store, enterCheck(records, 6, CHECK, 'guard'));
    await expect(running(store, enterCheck(records, 1, CHECK, 'guard'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('visit 1'),
    });
    await store.append(aVisit(13));
    expect(numbers(store)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]);
    expect(store.visits()[4]).toMatchObject({ number: 6, check: CHECK });
    expect(events.map(({ event }) => event)).toEqual(['erasure', 'check-entered']);
    expect(await readdir(spool())).toEqual([]);
    expect((await stat(spool())).mode & 0o777).toBe(0o700);
    await store.close();
  });

  test('what is no request is refused, and a stale one is not carried out', async () => {
    const store = await filled(3);
    await running(store, eraseVisits({ directory: folder, audit }, [], 'operator'));
    const put = (name: string, text: string): Promise<void> => writeFile(path.join(spool(), name), text);
    await put('a.request.json', '{"kind":"erase","numbers":[1],"by":"nobody"}');
    await put('b.request.json', '{');
    await put('c.request.json', '{"kind":"erase","numbers":[1],"by":"visitor"}');
    await utimes(path.join(spool(), 'c.request.json'), 0, 0);
    await answerRequests(folder, (request) => applyChange(store, audit, request));
    expect(numbers(store)).toEqual([1, 2, 3]);
    expect((await readdir(spool())).sort()).toEqual(['a.answer.json', 'b.answer.json']);
    for (const name of await readdir(spool()))
      expect(await readFile(path.join(spool(), name), 'utf8')).toContain('"code":"malformed"');
    await store.close();
  });
});

test('whatever is appended, erased, checked, left out and kept under another cap, exactly the others are there, in memory and on disk', {
  timeout: 60_000,
}, async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('erase' as const), offsets: fc.array(fc.nat(30), { maxLength: 12 }) }),
    fc.record({ kind: fc.constant('check' as const), offset: fc.nat(30) }),
    fc.record({ kind: fc.constant('skip' as const), numbers: fc.nat(50) }),
    fc.record({ kind: fc.constant('reopen' as const), cap: fc.integer({ min: 1, max: 70 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 45 }),
      fc.array(step, { maxLength: 14 }),
      async (firstCap, steps) => {
        const directory = await mkdtemp(path.join(folder, 'run-'));
        let cap = firstCap;
        let store = await open(cap, directory);
        let kept: number[] = [];
        const checked = new Set<number>();
        let next = 1;
        let last = 0;
        for (const one of steps) {
          if (one.kind === 'append') {
            for (let count = 0; count < one.count; count++, next++) {
              await store.append(aVisit(next, 'recheck'));
              kept = [...kept, next].slice(-cap);
              last = next;
            }
          } else if (one.kind === 'erase') {
            const asked = one.offsets.map((offset) => next - offset);
            await store.erase(() => asked);
            kept = kept.filter((number) => !asked.includes(number));
          } else if (one.kind === 'check') {
            const number = next - one.offset;
            await store.amend([number], (visit) =>
              visit.class === 'normal' ? visit : { ...visit, check: CHECK },
            );
            if (kept.includes(number)) checked.add(number);
          } else if (one.kind === 'skip') {
            // As visits do that could not be kept.
            next += one.numbers;
          } else {
            await store.close();
            cap = one.cap;
            store = await open(cap, directory);
            kept = kept.slice(-cap);
          }
          expect(numbers(store)).toEqual(kept);
          const onDisk = await visitsOnDisk(directory);
          expect(onDisk.map(({ number }) => number)).toEqual(kept);
          for (const { number, check } of onDisk) expect(check !== undefined).toBe(checked.has(number));
          expect(store.nextNumber).toBeGreaterThan(last);
          expect(store.nextNumber).toBeLessThanOrEqual(next);
        }
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
});
