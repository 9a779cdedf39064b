import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAuditTrail, readAudit } from '../../src/io/store/audit-file.ts';
import { GENESIS } from '../../src/records/audit-entry.ts';
import { runTogether } from '../support/processes.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-audit-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const FILE = 'audit.ndjson';
const HEAD = 'audit-head.json';
const at = (name: string): string => path.join(folder, name);
const wallTime = () => ({ unixMs: Date.UTC(2026, 0, 5), trusted: true });
const write = async (visits: readonly number[]): Promise<void> => {
  const trail = await openAuditTrail(folder, wallTime);
  for (const count of visits) await trail.append({ event: 'erasure', by: 'visitor', visits: count });
};
const lines = async (): Promise<string[]> => (await readFile(at(FILE), 'utf8')).split('\n').slice(0, -1);
const writeLines = (text: readonly string[]): Promise<void> =>
  writeFile(at(FILE), text.map((line) => `${line}\n`).join(''));
const broken = async () => (await readAudit(folder)).broken;

test('an entry is sealed to the one before, and the head tells how far the trail has come', async () => {
  await write([1, 2]);
  const { entries, broken: link, head } = await readAudit(folder);
  expect(link).toBeNull();
  expect(entries).toEqual([
    expect.objectContaining({ seq: 1, event: 'erasure', visits: 1, prev: GENESIS, time_trusted: true }),
    expect.objectContaining({ seq: 2, event: 'erasure', visits: 2, prev: entries[0]?.hash }),
  ]);
  expect(head).toEqual({ entries: 2, hash: entries[1]?.hash });
  expect((await lines())[0]).toMatch(
    /^\{"seq":1,"time":"2026-.*","time_trusted":true,"event":"erasure","by":"visitor","visits":1,/,
  );
});

test('without a clock that is vouched for, times are marked untrusted', async () => {
  await (await openAuditTrail(folder)).append({ event: 'stop' });
  expect((await readAudit(folder)).entries[0]).toMatchObject({ time_trusted: false });
});

test('a folder without a trail has an empty one; files are their owner’s alone', async () => {
  expect(await readAudit(path.join(folder, 'none'))).toMatchObject({ entries: [], broken: null });
  await write([1]);
  expect((await readdir(folder)).sort()).toEqual([HEAD, FILE]);
  for (const name of [FILE, HEAD]) expect((await stat(at(name))).mode & 0o777).toBe(0o600);
});

test('an event that is none is refused and leaves no trace', async () => {
  const trail = await openAuditTrail(folder, wallTime);
  await expect(trail.append({ event: 'erasure', by: 'visitor', visits: -1 })).rejects.toThrow();
  await trail.append({ event: 'stop' });
  expect(await readAudit(folder)).toMatchObject({ entries: [{ seq: 1, event: 'stop' }], broken: null });
});

test('four processes add at the same time: every entry is there once, in one chain', async () => {
  await runTogether(4, 'test/support/audit-writer.ts', [folder, '25']);
  const { entries, broken: link } = await readAudit(folder);
  expect(link).toBeNull();
  expect(entries).toHaveLength(100);
  const versions = entries.map((entry) => (entry.event === 'start' ? entry.version : ''));
  expect(new Set(versions).size).toBe(100);
  expect((await readdir(folder)).sort()).toEqual([HEAD, FILE]);
});

describe('damage', () => {
  test('a torn last line is cut off; the trail stays whole', async () => {
    await write([1, 2]);
    await appendFile(at(FILE), '{"seq":3,"time":"2026');
    expect(await readAudit(folder)).toMatchObject({ broken: null, head: { entries: 2 } });
    await write([3]);
    expect(await lines()).toHaveLength(3);
    expect(await broken()).toBeNull();
  });

  test('a head left behind by a crash is caught up with', async () => {
    await write([1]);
    const head = await readFile(at(HEAD));
    await write([2]);
    await writeFile(at(HEAD), head);
    expect(await broken()).toBeNull();
    await write([3]);
    expect(await readAudit(folder)).toMatchObject({ broken: null, head: { entries: 3 } });
  });

  test('a changed entry is named', async () => {
    await write([1, 2, 3]);
    const [first, second = '', third] = await lines();
    await writeLines([first ?? '', second.replace('"visits":2', '"visits":9'), third ?? '']);
    expect(await readAudit(folder)).toMatchObject({
      broken: { line: 2, seq: 2, wrong: 'hash' },
      entries: [{ seq: 1 }, { seq: 3 }],
    });
  });

  test('a removed, repeated or exchanged entry is named', async () => {
    await write([1, 2, 3]);
    const [a = '', b = '', c = ''] = await lines();
    await writeLines([a, c]);
    expect(await broken()).toEqual({ line: 2, seq: 3, wrong: 'order' });
    await writeLines([a, b, b, c]);
    expect(await broken()).toEqual({ line: 3, seq: 2, wrong: 'order' });
    await writeLines([a, c, b]);
    expect(await broken()).toEqual({ line: 2, seq: 3, wrong: 'order' });
    await writeLines([a, 'nonsense', c]);
    expect(await broken()).toEqual({ line: 2, seq: null, wrong: 'unreadable' });
  });

  test('an entry forged with a right hash breaks the chain after it', async () => {
    await write([1, 2, 3]);
    const [a = '', , c = ''] = await lines();
    const other = await mkdtemp(path.join(folder, 'other-'));
    const forger = await openAuditTrail(other, wallTime);
    await forger.append({ event: 'erasure', by: 'visitor', visits: 1 });
    await forger.append({ event: 'stop' });
    const forged = (await readFile(path.join(other, FILE), 'utf8')).split('\n')[1] ?? '';
    await writeLines([a, forged, c]);
    expect(await broken()).toEqual({ line: 3, seq: 3, wrong: 'chain' });
  });

  test('entries cut off the end are missed, and the next entry does not hide it', async () => {
    await write([1, 2, 3]);
    await writeLines((await lines()).slice(0, 1));
    expect(await broken()).toEqual({ line: 2, seq: 2, wrong: 'end' });
    await write([4]);
    expect(await readAudit(folder)).toMatchObject({
      broken: { line: 2, seq: 4, wrong: 'order' },
      entries: [{ seq: 1 }, { seq: 4 }],
    });
    await rm(at(FILE));
    expect(await broken()).toEqual({ line: 1, seq: 1, wrong: 'end' });
  });

  test('a lost head is told', async () => {
    await write([1, 2]);
    await rm(at(HEAD));
    expect(await broken()).toEqual({ line: 2, seq: 2, wrong: 'head' });
  });

  test('after an unreadable line, also one longer than what is read back at once, the trail goes on', async () => {
    await write([1]);
    await appendFile(at(FILE), `${'x'.repeat(200_000)}\n`);
    await write([2]);
    expect(await readAudit(folder)).toMatchObject({
      broken: { line: 2, wrong: 'unreadable' },
      entries: [{ seq: 1 }, { seq: 3 }],
    });
    await truncate(at(FILE), 0);
    await write([3]);
    expect(await broken()).toMatchObject({ line: 1, seq: 4, wrong: 'order' });
  });

  test('any change of any single byte is found', { timeout: 60_000 }, async () => {
    const trail = await openAuditTrail(folder, wallTime);
    await trail.append({ event: 'calibration', what: 'sensor', detail: '얼굴 \u{fffd} 0123' });
    await trail.append({ event: 'start', version: '0.1.0', configHash: 'a'.repeat(64), profile: 2 });
    await trail.append({ event: 'clock-repaired', shiftMs: 1.5, visits: 3 });
    for (const name of [FILE, HEAD]) {
      const whole = await readFile(at(name));
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: whole.length - 1 }),
          fc.integer({ min: 1, max: 255 }),
          async (place, flip) => {
            const changed = Buffer.from(whole);
            changed[place] = (changed[place] ?? 0) ^ flip;
            await writeFile(at(name), changed);
            expect(await broken()).not.toBeNull();
          },
        ),
        { numRuns: 300 },
      );
      await writeFile(at(name), whole);
      expect(await broken()).toBeNull();
    }
  });
});
