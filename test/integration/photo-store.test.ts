import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Deleted } from '../../src/io/store/disk-visit-store.ts';
import { decryptPhoto, encryptPhoto } from '../../src/io/store/photo-cipher.ts';
import { readPhoto } from '../../src/io/store/read-photo.ts';
import { openRecordFolder, type RecordFolder } from '../../src/io/store/record-folder.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog } from '../support/an-alert.ts';
import { changeBytes, visitLines, visitsFileIn, visitsOnDisk } from '../support/visits-on-disk.ts';

const BLOCK = 4096;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-photos-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Opened = RecordFolder & Readonly<{ beyondCap: Deleted[] }>;
async function open(capVisits = 25_000, directory = folder, log = aLog()): Promise<Opened> {
  const beyondCap: Deleted[] = [];
  const records = await openRecordFolder({
    directory,
    capVisits,
    log,
    onBeyondCap: (deleted) => void beyondCap.push(deleted),
  });
  return { ...records, beyondCap };
}
const photosFile = (directory = folder): string => path.join(directory, 'photos.sealed');
const aSealed = (number: number, bytes = 100): Uint8Array =>
  Buffer.alloc(bytes, `age-encryption.org/v1 photo ${number} `);
const keep = async ({ photos, visits }: Opened, number: number, bytes?: number): Promise<void> => {
  await photos.keep(number, aSealed(number, bytes));
  await visits.append(aVisit(number));
};
async function withPhotos(...numbers: readonly number[]): Promise<void> {
  const records = await open();
  for (const number of numbers) await keep(records, number);
  await records.close();
}
/** Key and blocks of a photo, as its visit's line has them. */
const keptPhoto = async (number: number): Promise<Readonly<{ key: Buffer; blocks: readonly number[] }>> => {
  const line = (await visitsOnDisk(folder)).find((visit) => visit.number === number);
  const [key = '', ...blocks] = (line?.photo ?? []) as [string?, ...number[]];
  return { key: Buffer.from(key, 'base64url'), blocks };
};

test('a kept photo is read back, also after a restart, while the records are open and closed', async () => {
  const records = await open();
  await keep(records, 7);
  await keep(records, 9);
  expect(records.photos.numbers()).toEqual([7, 9]);
  expect(await readPhoto(folder, 7)).toEqual(aSealed(7));
  await records.close();
  const again = await open();
  expect(again.photos.numbers()).toEqual([7, 9]);
  expect(again.photos.lost).toBe(0);
  expect(await readPhoto(folder, 9)).toEqual(aSealed(9));
  expect(await readPhoto(folder, 8)).toBeNull();
  await again.close();
});

test('nothing is created before the first photo, and nothing is left after the last', async () => {
  const records = await open();
  await records.photos.delete([1, 2]);
  await records.visits.append(aVisit(1));
  expect((await readdir(folder)).filter((name) => name.startsWith('photo'))).toEqual([]);
  expect(await readPhoto(folder, 1)).toBeNull();
  await keep(records, 2);
  await records.photos.delete([2]);
  expect((await readdir(folder)).filter((name) => name.startsWith('photo'))).toEqual([]);
  expect(records.visits.visits().map(({ number }) => number)).toEqual([1, 2]);
  await records.close();
});

test('a photo does not count and cannot be opened before its visit is kept, nor after a restart without it', async () => {
  const records = await open();
  await keep(records, 1);
  await records.photos.keep(2, aSealed(2));
  expect(await readPhoto(folder, 2)).toBeNull();
  expect((await readdir(folder)).sort()).toContain('photos.sealed');
  await records.close();
  const again = await open();
  await again.visits.append(aVisit(2));
  expect(again.photos.numbers()).toEqual([1]);
  expect(await readPhoto(folder, 2)).toBeNull();
  await again.close();
});

test('the file is its owner’s alone, and does not show what was sealed', async () => {
  await withPhotos(1, 2);
  expect((await stat(photosFile())).mode & 0o777).toBe(0o600);
  expect((await readFile(photosFile())).includes('age-encryption.org')).toBe(false);
});

test('a photo belongs to its visit: in another one’s place it cannot be opened', async () => {
  await withPhotos(1, 2);
  const [one, two] = [await keptPhoto(1), await keptPhoto(2)];
  await changeBytes(photosFile(), (bytes) => {
    const [from, to] = [(one.blocks[0] ?? 0) * BLOCK, (two.blocks[0] ?? 0) * BLOCK];
    bytes.copy(bytes, to, from, from + BLOCK);
    return bytes;
  });
  await expect(readPhoto(folder, 2)).rejects.toMatchObject({ code: 'malformed' });
});

test('whatever was encrypted is decrypted with its key and number alone, and no changed byte passes', () => {
  const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(
      fc.nat(),
      fc.uint8Array({ maxLength: 300 }),
      keys,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (number, sealed, key, at, flip) => {
        const file = encryptPhoto(number, sealed, key);
        expect(new Uint8Array(decryptPhoto(number, file, key) ?? [1])).toEqual(sealed);
        expect(decryptPhoto(number + 1, file, key)).toBeNull();
        expect(decryptPhoto(number, file, randomBytes(32))).toBeNull();
        const changed = Uint8Array.from(file);
        changed[at % file.length] = (changed[at % file.length] ?? 0) ^ flip;
        expect(decryptPhoto(number, changed, key)).toBeNull();
        expect(decryptPhoto(number, file.subarray(0, at % file.length), key)).toBeNull();
      },
    ),
  );
});

describe('the key of a photo', () => {
  const encryptedIn = (bytes: Buffer, block: number): Buffer => {
    const at = block * BLOCK;
    return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at));
  };

  test.each([
    ['erased with its visit', ({ visits }: Opened) => visits.erase(() => [1]), [2]],
    ['deleted alone', ({ photos }: Opened) => photos.delete([1, 99]), [1, 2]],
  ] as const)('is overwritten in its place: %s', async (_, remove, left) => {
    const records = await open();
    await keep(records, 1);
    await keep(records, 2);
    const { key, blocks } = await keptPhoto(1);
    const encrypted = encryptedIn(await readFile(photosFile()), blocks[0] ?? 0);
    expect(decryptPhoto(1, encrypted, key)).toEqual(aSealed(1));
    const before = await stat(visitsFileIn(folder));
    await remove(records);
    const after = await stat(visitsFileIn(folder));
    expect([after.ino, after.size]).toEqual([before.ino, before.size]);
    for (const name of await readdir(folder))
      expect(await readFile(path.join(folder, name), 'latin1'), name).not.toContain(
        key.toString('base64url'),
      );
    expect(await readPhoto(folder, 1)).toBeNull();
    expect(await readPhoto(folder, 2)).toEqual(aSealed(2));
    expect(records.photos.numbers()).toEqual([2]);
    expect(records.visits.visits().map(({ number }) => number)).toEqual(left);
    await records.close();
  });

  test('goes with the visit beyond the cap, which is told with its photo', async () => {
    const records = await open(3);
    for (let number = 1; number <= 4; number++) await keep(records, number);
    await records.visits.append(aVisit(5));
    expect(records.photos.numbers()).toEqual([3, 4]);
    expect(records.beyondCap).toEqual([
      { visits: 1, photos: 1 },
      { visits: 1, photos: 1 },
    ]);
    expect(await readPhoto(folder, 2)).toBeNull();
    await records.close();
  });
});

test('at the cap the file of photos does not grow, and each photo takes one block', async () => {
  const records = await open(100);
  for (let number = 1; number <= 130; number++) if (number % 3 > 0) await keep(records, number, 2700);
  const { ino, size } = await stat(photosFile());
  expect(size).toBe(128 * BLOCK);
  for (let number = 131; number <= 260; number++) await keep(records, number, 2700);
  expect(await stat(photosFile())).toMatchObject({ ino, size });
  for (const number of records.photos.numbers())
    expect(await readPhoto(folder, number)).toEqual(aSealed(number, 2700));
  await records.close();
});

test('photos of up to five blocks are kept; a larger one is refused, and its visit kept without', async () => {
  const records = await open();
  const largest = 5 * BLOCK - 4 - 29;
  await keep(records, 1, largest);
  await expect(records.photos.keep(2, aSealed(2, largest + 1))).rejects.toMatchObject({ name: 'StoreError' });
  await records.visits.append(aVisit(2));
  expect(await readPhoto(folder, 1)).toEqual(aSealed(1, largest));
  expect(records.photos.numbers()).toEqual([1]);
  await records.close();
});

test('a guard’s check leaves the photo with its visit', async () => {
  const records = await open();
  await records.photos.keep(1, aSealed(1));
  await records.visits.append(aVisit(1, 'elevated'));
  const check = { result: 'cleared', temperature_c: 36.6, time: '2026-01-05T09:10:00+09:00' } as const;
  await records.visits.amend([1], (visit) => (visit.class === 'normal' ? visit : { ...visit, check }));
  expect(await readPhoto(folder, 1)).toEqual(aSealed(1));
  await records.close();
  expect(await visitLines(folder)).toHaveLength(1);
});

test('after closing nothing is taken any more', async () => {
  const { photos, close } = await open();
  const underWay = photos.keep(1, aSealed(1));
  await close();
  await underWay;
  await expect(photos.keep(2, aSealed(2))).rejects.toMatchObject({ code: 'closed' });
});

describe('a damaged file of photos', () => {
  test.each([
    ['missing', () => rm(photosFile()), []],
    ['cut off', () => truncate(photosFile(), 2 * BLOCK + 10), [1, 2]],
  ] as const)('%s: the photos that are lost are told, the rest stays', async (_, damage, left) => {
    await withPhotos(1, 2, 3);
    await damage();
    const log = aLog();
    const records = await open(10, folder, log);
    expect(records.photos.numbers()).toEqual(left);
    expect(records.photos.lost).toBe(3 - left.length);
    expect(log.messages).toContain('photos that are not there any more');
    for (const number of left) expect(await readPhoto(folder, number)).toEqual(aSealed(number));
    expect(records.visits.visits()).toHaveLength(3);
    await keep(records, 4);
    await records.close();
    const again = await open();
    expect(again.photos.numbers()).toEqual([...left, 4]);
    expect(again.photos.lost).toBe(0);
    await again.close();
  });

  test('with a changed byte: that photo cannot be opened, and says so', async () => {
    await withPhotos(1, 2);
    const { blocks } = await keptPhoto(1);
    await changeBytes(photosFile(), (bytes) => {
      const at = (blocks[0] ?? 0) * BLOCK + 50;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    });
    await expect(readPhoto(folder, 1)).rejects.toMatchObject({ code: 'malformed' });
    expect(await readPhoto(folder, 2)).toEqual(aSealed(2));
  });
});

test('a photo that cannot be written is refused with a code', async () => {
  const records = await open();
  // A folder in the way of the file: works for root too, whom permissions do not stop.
  await mkdir(`${photosFile()}.tmp`);
  await expect(records.photos.keep(1, aSealed(1))).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  await records.visits.append(aVisit(1));
  await rm(`${photosFile()}.tmp`, { recursive: true });
  await keep(records, 3);
  await records.close();
  const again = await open();
  expect(again.photos.numbers()).toEqual([3]);
  await again.close();
});

test('whatever is kept, erased, deleted and reopened: the photos of the last visits up to the cap are readable, and nothing else is', {
  timeout: 60_000,
}, async () => {
  const back = fc.array(fc.nat(12), { maxLength: 4 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('keep' as const), bytes: fc.nat(13_000) }) },
    fc.constant({ kind: 'without' as const }),
    fc.constant({ kind: 'lose-visit' as const }),
    fc.record({ kind: fc.constant('delete' as const), back }),
    fc.record({ kind: fc.constant('erase' as const), back }),
    fc.record({ kind: fc.constant('reopen' as const), cap: fc.integer({ min: 1, max: 8 }) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { maxLength: 25 }),
      async (firstCap, steps) => {
        const directory = await mkdtemp(path.join(folder, 'run-'));
        let cap = firstCap;
        let records = await open(cap, directory);
        let next = 1;
        // Bytes of the photo of each visit kept; null: it has none.
        let expected: (readonly [number, number | null])[] = [];
        for (const one of steps) {
          if (one.kind === 'keep') {
            await keep(records, next, one.bytes);
            expected.push([next++, one.bytes]);
          } else if (one.kind === 'without') {
            await records.visits.append(aVisit(next));
            expected.push([next++, null]);
          } else if (one.kind === 'lose-visit') {
            await records.photos.keep(next, aSealed(next));
            await records.photos.delete([next++]);
          } else if (one.kind === 'delete') {
            const gone = one.back.map((count) => next - count);
            await records.photos.delete(gone);
            expected = expected.map(([number, bytes]) => [number, gone.includes(number) ? null : bytes]);
          } else if (one.kind === 'erase') {
            const gone = one.back.map((count) => next - count);
            await records.visits.erase(() => gone);
            expected = expected.filter(([number]) => !gone.includes(number));
          } else {
            await records.close();
            cap = one.cap;
            records = await open(cap, directory);
            expect(records.photos.lost).toBe(0);
          }
          expected = expected.slice(-cap);
          expect(records.visits.visits().map(({ number }) => number)).toEqual(
            expected.map(([number]) => number),
          );
          const withPhoto = expected.filter(([, bytes]) => bytes !== null).map(([number]) => number);
          expect(records.photos.numbers()).toEqual(withPhoto);
        }
        for (let number = 1; number < next; number++) {
          const bytes = expected.find(([one]) => one === number)?.[1] ?? null;
          expect(await readPhoto(directory, number)).toEqual(bytes === null ? null : aSealed(number, bytes));
        }
        await records.close();
      },
    ),
    { numRuns: 40 },
  );
});
