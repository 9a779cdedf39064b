import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Visit } from '../../src/domain/visit.ts';
import { readPhoto } from '../../src/io/store/read-photo.ts';
import { countPhotos, readNextNumber, readVisits } from '../../src/io/store/read-visits.ts';
import { openRecordFolder, type RecordFolder } from '../../src/io/store/record-folder.ts';
import { verifyRecords } from '../../src/io/store/verify-records.ts';
import { aVisit } from '../support/a-visit.ts';
import { lineOfBefore, recordsOfBefore, segmentOfBefore } from '../support/records-of-before.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-before-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const visitOf = (number: number): Visit => aVisit(number, number % 2 === 0 ? 'elevated' : 'normal');
const lineOf = (number: number): string => lineOfBefore(visitOf(number));
const segment = (first: number): string => segmentOfBefore(folder, first);
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const aSealed = (number: number): Buffer => Buffer.alloc(3000 + number * 200, `sealed ${number} `);
const numbersOf = ({ visits }: RecordFolder): number[] => visits.visits().map(({ number }) => number);

const open = (capVisits = 25_000): Promise<RecordFolder> =>
  openRecordFolder({ directory: folder, capVisits });

const ERASED = [1, 2, 3, 20, 21];
/** What the version before left: visits 4 to 32, photos of each third. */
const recordsLeft = (): Promise<readonly Buffer[]> =>
  recordsOfBefore(folder, from(1, 32).map(visitOf), ERASED, (number) =>
    number % 3 === 0 ? aSealed(number) : null,
  );

const KEPT = from(4, 32).filter((number) => number !== 20 && number !== 21);
const PHOTOS = KEPT.filter((number) => number % 3 === 0);

async function expectTakenOver(): Promise<void> {
  const records = await open();
  expect(numbersOf(records)).toEqual(KEPT);
  expect(records.visits.repairs).toEqual({ tornLines: 0, badLines: 0 });
  expect(records.visits.nextNumber).toBe(33);
  expect(records.photos.numbers()).toEqual(PHOTOS);
  await records.close();
  for (const number of PHOTOS) expect(await readPhoto(folder, number)).toEqual(aSealed(number));
  expect((await readdir(folder)).sort()).toEqual(['photos.sealed', 'visits.ndjson']);
  expect((await verifyRecords(folder, 100)).every(({ whole }) => whole)).toBe(true);
}

test('records of the version before are read as they are, and taken over at the first opening', async () => {
  const keys = await recordsLeft();
  const visits = await readVisits(folder);
  expect(visits.map(({ number }) => number)).toEqual(KEPT);
  expect(await readNextNumber(folder)).toBe(33);
  expect(await countPhotos(folder)).toBe(PHOTOS.length);
  expect(await readPhoto(folder, 6)).toEqual(aSealed(6));
  expect(await readPhoto(folder, 5)).toBeNull();
  await expectTakenOver();
  expect(await readVisits(folder)).toEqual(visits);
  for (const name of await readdir(folder)) {
    const bytes = await readFile(path.join(folder, name));
    for (const key of keys)
      expect(bytes.includes(key.toString('base64url')) || bytes.includes(key)).toBe(false);
  }
});

test('wherever taking over was interrupted, the next opening ends it', async () => {
  await recordsLeft();
  const before = `${folder}-before`;
  await cp(folder, before, { recursive: true });
  await expectTakenOver();
  const after = `${folder}-after`;
  await cp(folder, after, { recursive: true });
  try {
    const states: readonly (readonly string[])[] = [
      // Unfinished files, or the photos alone.
      ['visits.ndjson.tmp'],
      ['photos.sealed.tmp'],
      ['photos.sealed'],
      ['photos.sealed', 'visits.ndjson.tmp'],
    ];
    for (const names of states) {
      await rm(folder, { recursive: true });
      await cp(before, folder, { recursive: true });
      for (const name of names) await cp(path.join(after, name.replace('.tmp', '')), path.join(folder, name));
      await expectTakenOver();
    }
    // Everything is there, and some of the old is left.
    for (const gone of [['photos/keys'], ['photos'], ['photos', 'visits-000000001.ndjson'], []]) {
      await rm(folder, { recursive: true });
      await cp(before, folder, { recursive: true });
      await cp(after, folder, { recursive: true });
      for (const name of gone) await rm(path.join(folder, name), { recursive: true });
      await expectTakenOver();
    }
  } finally {
    await rm(before, { recursive: true });
    await rm(after, { recursive: true });
  }
});

test('what could not be read before is set aside, what was torn counted, and the cap kept', async () => {
  await writeFile(segment(1), from(1, 10).map(lineOf).join('').replace('"number":4,', '"number":4,!'));
  await writeFile(`${segment(1)}.bad`, 'rubbish of before\n');
  await writeFile(segment(11), from(11, 14).map(lineOf).join(''));
  await appendFile(segment(11), '{"number":15');
  const records = await open(10);
  expect(numbersOf(records)).toEqual(from(7, 14));
  expect(records.visits.repairs).toEqual({ tornLines: 1, badLines: 2 });
  expect(records.visits.nextNumber).toBe(15);
  await records.visits.append(aVisit(15));
  await records.close();
  expect((await readdir(folder)).filter((name) => name.startsWith('visits-'))).toEqual([]);
});

test('an empty file of before still tells the next number', async () => {
  await writeFile(segment(8), '');
  const records = await open();
  expect(numbersOf(records)).toEqual([]);
  expect(records.visits.nextNumber).toBe(8);
  await records.visits.append(aVisit(8));
  await records.close();
  expect((await readVisits(folder)).map(({ number }) => number)).toEqual([8]);
});
