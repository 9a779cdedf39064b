import { randomBytes } from 'node:crypto';
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decryptPhoto, encryptPhoto } from '../../src/io/store/photo-cipher.ts';
import { type DiskPhotoStore, deleteOrphans, openPhotoStore } from '../../src/io/store/photo-store.ts';
import { readPhoto } from '../../src/io/store/read-photo.ts';
import { aLog } from '../support/an-alert.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-photos-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (capPhotos = 25_000, directory = folder): Promise<DiskPhotoStore> =>
  openPhotoStore({ directory, capPhotos });
const KEYS = 'keys';
const inPhotos = (name: string): string => path.join(folder, 'photos', name);
const fileOf = (number: number): string => inPhotos(`${String(number).padStart(9, '0')}.photo`);
const files = async (): Promise<string[]> => (await readdir(inPhotos(''))).sort();
const aSealed = (number: number): Uint8Array => Buffer.from(`age-encryption.org/v1 photo ${number}`);

async function withPhotos(...numbers: readonly number[]): Promise<void> {
  const photos = await open();
  for (const number of numbers) await photos.keep(number, aSealed(number));
  await photos.close();
}

test('a kept photo is read back, also after a restart, while the store is open and closed', async () => {
  const photos = await open();
  await photos.keep(7, aSealed(7));
  await photos.keep(9, aSealed(9));
  expect(photos.numbers()).toEqual([7, 9]);
  expect(await readPhoto(folder, 7)).toEqual(aSealed(7));
  await photos.close();
  const again = await open();
  expect(again.numbers()).toEqual([7, 9]);
  expect(again.lost).toBe(0);
  expect(await readPhoto(folder, 9)).toEqual(aSealed(9));
  expect(await readPhoto(folder, 8)).toBeNull();
  await again.close();
});

test('nothing is created before the first photo', async () => {
  const photos = await open();
  await photos.delete([1, 2]);
  await photos.close();
  expect(await readdir(folder)).toEqual([]);
  expect(await readPhoto(folder, 1)).toBeNull();
});

test('files carry the visit number only and are their owner’s alone', async () => {
  await withPhotos(12);
  expect(await files()).toEqual(['000000012.photo', KEYS]);
  expect((await stat(inPhotos(''))).mode & 0o777).toBe(0o700);
  for (const name of await files()) expect((await stat(inPhotos(name))).mode & 0o777).toBe(0o600);
});

test('a file does not show what was sealed, and belongs to its visit', async () => {
  await withPhotos(1, 2);
  expect((await readFile(fileOf(1))).includes('age-encryption.org')).toBe(false);
  await copyFile(fileOf(1), fileOf(2));
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

test('deleting destroys the key in its place, then removes the file', async () => {
  const photos = await open();
  await photos.keep(1, aSealed(1));
  await photos.keep(2, aSealed(2));
  const keysBefore = await readFile(inPhotos(KEYS));
  const keyOfOne = keysBefore.subarray(8, 40);
  const copy = await readFile(fileOf(1));
  expect(decryptPhoto(1, copy, keyOfOne)).toEqual(aSealed(1));
  const { ino } = await stat(inPhotos(KEYS));
  await photos.delete([1, 99]);
  const keysAfter = await readFile(inPhotos(KEYS));
  expect((await stat(inPhotos(KEYS))).ino).toBe(ino);
  expect(keysAfter).toHaveLength(keysBefore.length);
  expect(keysAfter.includes(keyOfOne)).toBe(false);
  expect(await files()).toEqual(['000000002.photo', KEYS]);
  // Somebody who kept the file but not the key has nothing.
  await writeFile(fileOf(1), copy);
  expect(await readPhoto(folder, 1)).toBeNull();
  expect(await readPhoto(folder, 2)).toEqual(aSealed(2));
  await photos.close();
});

test('the slot of a destroyed key is used again', async () => {
  const photos = await open(3);
  for (let number = 1; number <= 50; number++) await photos.keep(number, aSealed(number));
  expect(photos.numbers()).toEqual([47, 48, 49, 50]);
  expect((await stat(inPhotos(KEYS))).size).toBe(4 * 64);
  await photos.close();
});

test('photos without a kept visit are deleted', async () => {
  await withPhotos(1, 2, 3);
  const photos = await open();
  expect(await deleteOrphans(photos, new Set([2, 4]))).toBe(2);
  expect(photos.numbers()).toEqual([2]);
  expect(await files()).toEqual(['000000002.photo', KEYS]);
  await photos.close();
});

test('after closing nothing is taken any more', async () => {
  const photos = await open();
  const underWay = photos.keep(1, aSealed(1));
  await photos.close();
  await underWay;
  await expect(photos.keep(2, aSealed(2))).rejects.toMatchObject({ code: 'closed' });
});

describe('after a crash', () => {
  test('between destroying a key and removing its photo: removed, and not told as lost', async () => {
    await withPhotos(1, 2);
    const copy = await readFile(fileOf(1));
    const photos = await open();
    await photos.delete([1]);
    await photos.close();
    await writeFile(fileOf(1), copy);
    const again = await open();
    expect(again.numbers()).toEqual([2]);
    expect(again.lost).toBe(0);
    expect(await files()).toEqual(['000000002.photo', KEYS]);
    await again.close();
  });

  test('between a key and its photo: the key is destroyed, the unfinished file removed', async () => {
    await withPhotos(1);
    const key = (await readFile(inPhotos(KEYS))).subarray(8, 40);
    await copyFile(fileOf(1), `${fileOf(1)}.tmp`);
    await rm(fileOf(1));
    const again = await open();
    expect(again.numbers()).toEqual([]);
    expect(again.lost).toBe(0);
    expect((await readFile(inPhotos(KEYS))).includes(key)).toBe(false);
    expect(await files()).toEqual([KEYS]);
    await again.close();
  });
});

describe('a damaged key file', () => {
  const damaged: readonly (readonly [string, () => Promise<void>, readonly number[]])[] = [
    ['missing', () => rm(inPhotos(KEYS)), []],
    ['empty', () => truncate(inPhotos(KEYS), 0), []],
    ['cut off', () => truncate(inPhotos(KEYS), 64 + 40), [1]],
    ['with a torn slot', () => overwrite(64 + 10, 'torn'), [1, 3]],
    ['with more behind', () => appendFile(inPhotos(KEYS), 'x'.repeat(70)), [1, 2, 3]],
    ['of noise', () => writeFile(inPhotos(KEYS), randomBytes(1000)), []],
  ];
  async function overwrite(at: number, text: string): Promise<void> {
    const bytes = await readFile(inPhotos(KEYS));
    bytes.write(text, at);
    await writeFile(inPhotos(KEYS), bytes);
  }

  test.each(damaged)(
    '%s: what has lost its key is deleted and counted, the rest stays',
    async (_, damage, left) => {
      await withPhotos(1, 2, 3);
      await damage();
      const log = aLog();
      const photos = await openPhotoStore({ directory: folder, capPhotos: 10, log });
      expect(photos.numbers()).toEqual(left);
      expect(photos.lost).toBe(3 - left.length);
      expect(log.messages).toEqual(left.length === 3 ? [] : ['photos without their keys deleted']);
      for (const number of left) expect(await readPhoto(folder, number)).toEqual(aSealed(number));
      await photos.keep(4, aSealed(4));
      await photos.close();
      const again = await open();
      expect(again.numbers()).toEqual([...left, 4]);
      expect(again.lost).toBe(0);
      await again.close();
    },
  );
});

test('a photo that cannot be written is refused with a code, and leaves no key', async () => {
  await withPhotos(1);
  const photos = await open();
  // A folder in the way of the file: works for root too, whom permissions do not stop.
  await mkdir(`${fileOf(2)}.tmp`);
  await expect(photos.keep(2, aSealed(2))).rejects.toMatchObject({ name: 'StoreError', code: 'io' });
  expect(photos.numbers()).toEqual([1]);
  await rm(`${fileOf(2)}.tmp`, { recursive: true });
  await photos.keep(3, aSealed(3));
  await photos.close();
  const again = await open();
  expect(again.numbers()).toEqual([1, 3]);
  await again.close();
});

test('whatever is kept, deleted, and reopened: the last photos up to the cap are readable, and nothing else is', {
  timeout: 60_000,
}, async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'keep' as const }) },
    fc.record({ kind: fc.constant('delete' as const), back: fc.array(fc.nat(12), { maxLength: 4 }) }),
    fc.constant({ kind: 'reopen' as const }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { maxLength: 25 }),
      async (cap, steps) => {
        const directory = await mkdtemp(path.join(folder, 'run-'));
        let photos = await open(cap, directory);
        let next = 1;
        let expected: number[] = [];
        for (const one of steps) {
          if (one.kind === 'keep') {
            await photos.keep(next, aSealed(next));
            expected = [...expected.slice(-cap), next++];
          } else if (one.kind === 'delete') {
            const gone = one.back.map((back) => next - back);
            await photos.delete(gone);
            expected = expected.filter((number) => !gone.includes(number));
          } else {
            await photos.close();
            photos = await open(cap, directory);
            expect(photos.lost).toBe(0);
          }
          expect(photos.numbers()).toEqual(expected);
        }
        for (let number = 1; number < next; number++) {
          const read = await readPhoto(directory, number);
          expect(read).toEqual(expected.includes(number) ? aSealed(number) : null);
        }
        await photos.close();
      },
    ),
    { numRuns: 40 },
  );
});
