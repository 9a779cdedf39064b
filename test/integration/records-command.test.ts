import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordsCommand } from '../../src/commands/records.ts';
import { openAuditTrail, readAudit } from '../../src/io/store/audit-file.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { openRecordFolder } from '../../src/io/store/record-folder.ts';
import { verifyRecords } from '../../src/io/store/verify-records.ts';
import { CSV_COLUMNS } from '../../src/records/csv.ts';
import { parseManifest } from '../../src/records/export-manifest.ts';
import type { StoredVisit } from '../../src/records/stored-visit.ts';
import { aVisit } from '../support/a-visit.ts';
import { type Ended, fevergate } from '../support/command.ts';
import { changeBytes, PLACE, visitsFileIn, visitsOnDisk } from '../support/visits-on-disk.ts';

const CAP = 25_000;
const OUTCOMES = ['normal', 'normal', 'normal', 'recheck', 'normal', 'normal', 'normal', 'elevated'] as const;
const REASONS = ['--purpose', '역학 조사', '--recipient', 'health centre', '--legal-basis', 'Act, art. 76-2'];
const SEALED = Buffer.from('age-encryption.org/v1\nsealed');
const ENV = { TZ: 'Asia/Seoul', LC_ALL: 'C' };

let folder = '';
let records = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-lookup-'));
  records = path.join(folder, 'records');
  await fill(records, CAP);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fill(directory: string, count: number): Promise<void> {
  const folder = await openRecordFolder({ directory, capVisits: CAP, zone: 'Asia/Seoul' });
  await folder.photos.keep(9, SEALED);
  const visits = Array.from({ length: count }, (_, index) =>
    aVisit(index + 1, OUTCOMES[(index + 1) % OUTCOMES.length] ?? 'normal'),
  );
  await Promise.all(visits.map((visit) => folder.visits.append(visit)));
  await folder.close();
}

const run = (...args: readonly string[]): Promise<Ended> =>
  fevergate(['records', ...args, '--records', records], ENV);
/** The same inside this process, for what ends before anything is written. */
const parsed = (...args: readonly string[]): Promise<unknown> => {
  const command = recordsCommand();
  for (const one of command.commands) one.exitOverride().configureOutput({ writeErr: () => undefined });
  return command.parseAsync(args, { from: 'user' });
};
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
const visitsOf = (text: string): StoredVisit[] =>
  linesOf(text).map((line) => JSON.parse(line) as StoredVisit);
const lastEntry = async (directory = records) => (await readAudit(directory)).entries.at(-1);
const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

describe('looking up', () => {
  test('lists 25,000 visits as they are kept', async () => {
    const { code, stdout } = await run('list', '--json');
    expect(code).toBe(0);
    expect(visitsOf(stdout)).toEqual(await readVisits(records));
  });

  test('chooses by time, class, number and last', async () => {
    const { stdout } = await run(
      ...['list', '--json', '--from', '2026-01-05T10:00', '--to', '2026-01-05T10:59', '--class', 'elevated'],
    );
    const visits = visitsOf(stdout);
    expect(visits).toHaveLength(225);
    for (const visit of visits) {
      expect(visit.class).toBe('elevated');
      expect(visit.time).toMatch(/^2026-01-05T10:/);
    }
    const some = await run('list', '7', '20-30', '--last', '3', '--json');
    expect(visitsOf(some.stdout).map(({ number }) => number)).toEqual([28, 29, 30]);
  });

  test('as a table, the newest when nothing is asked for, in Korean too', async () => {
    const { stdout, stderr } = await run('list', '--lang', 'ko');
    expect(linesOf(stdout)).toHaveLength(51);
    expect(stdout).toContain('얼굴 표면온도');
    expect(stdout).not.toContain('체온');
    expect(stderr).toContain('the newest 50 of 25000');
    const { stdout: one } = await run('show', '25000', '--lang', 'en');
    expect(one).toMatch(/25000 {2}2026-01-05 22:53:20 {2}normal {2}worn\n$/);
  });

  test('counts by day and class', async () => {
    const { stdout } = await run('stats', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      profile: 2,
      capVisits: CAP,
      held: CAP,
      classes: { normal: 18_750, recheck: 3125, elevated: 3125 },
      days: [{ day: '2026-01-05' }],
    });
    expect((await run('stats')).stdout).toContain('25000 of at most 25000 visits held');
  });

  test.each([
    [['show', '25001'], 'visit 25001 is not kept (visits 1 to 25000 are)'],
    [['list', '--from', 'yesterday'], 'a day or time expected'],
    [['list', '--class', 'hot'], 'normal, recheck, elevated expected'],
    [['list', '9-3'], 'a visit number or a range'],
    [['list', '--from', '2026-01-06', '--to', '2026-01-05'], '--to is before --from'],
    [['erase'], 'say which visits to erase'],
    [['erase', '3'], '--yes does it'],
    [['check', '8', '--result', 'confirmed', '--temperature', '20'], '30 to 45 degrees Celsius'],
    [['photo', '8', '--out', 'x.age', ...REASONS], 'visit 8 is kept without a photo'],
    [['export', '--out', '/nowhere/x.csv', ...REASONS], '/nowhere: cannot be written to'],
    [['export', '30000', '--out', 'x.csv', ...REASONS], 'no visit is kept that was asked for: visits 30000'],
    [['export', '--out', 'x.csv', '--purpose', 'p'], '--recipient, --legal-basis missing'],
    [['list', '--records', '/nowhere'], '/nowhere: there is no such folder of records'],
  ])('records %j fails and says why', async (args, message) => {
    const place = args.includes('--records') ? [] : ['--records', records];
    await expect(parsed(...args, ...place)).rejects.toThrow(message);
  });
});

describe('handing over', () => {
  test('CSV: every visit, its manifest and its audit entry', async () => {
    const out = path.join(folder, 'all.csv');
    const { code, stderr } = await run('export', '--out', out, '--by', 'the guard', ...REASONS);
    expect(code, stderr).toBe(0);
    const content = await readFile(out);
    const rows = content.toString().split('\r\n').slice(0, -1);
    expect(rows[0]).toBe(CSV_COLUMNS.join(','));
    expect(rows).toHaveLength(CAP + 1);
    expect(rows[8]).toBe('8,2026-01-05T09:00:16+09:00,true,normal,worn,,,,,,,,');
    expect(rows[7]).toContain('7,2026-01-05T09:00:14+09:00,true,elevated,worn,36.71,0.12,34.85,35.85,');
    const manifest = parseManifest(await readFile(`${out}.manifest.json`, 'utf8'));
    const entry = await lastEntry();
    expect(manifest).toMatchObject({
      file: 'all.csv',
      bytes: content.length,
      sha256: sha256Of(content),
      visits: CAP,
      first: { number: 1 },
      last: { number: CAP },
      selection: 'all visits',
      purpose: '역학 조사',
      recipient: 'health centre',
      legal_basis: 'Act, art. 76-2',
      by: 'the guard',
      gate: 'main/gate-1',
      audit: { seq: entry?.seq, hash: entry?.hash },
    });
    expect(entry).toMatchObject({ event: 'export', visits: CAP, sha256: sha256Of(content), format: 'csv' });
    for (const file of [out, `${out}.manifest.json`]) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a file is never replaced unasked, and then nothing is told', async () => {
    const out = path.join(folder, 'there.csv');
    await writeFile(out, 'mine');
    const before = await lastEntry();
    const refused = await run('export', '1', '--out', out, ...REASONS);
    expect(refused.stderr).toContain('--force replaces it');
    expect(await readFile(out, 'utf8')).toBe('mine');
    expect(await lastEntry()).toEqual(before);
    const forced = await run('export', '1', '--out', out, '--force', ...REASONS);
    expect(forced.code, forced.stderr).toBe(0);
    expect(await readFile(out, 'utf8')).toContain('1,2026-01-05T09:00:02+09:00');
  });

  test('JSON Lines: the visits asked for, as kept', async () => {
    const out = path.join(folder, 'some.jsonl');
    await run('export', '--format', 'jsonl', '--class', 'elevated', '--last', '40', '--out', out, ...REASONS);
    const expected = (await readVisits(records)).filter((visit) => visit.class === 'elevated').slice(-40);
    expect(visitsOf(await readFile(out, 'utf8'))).toEqual(expected);
    expect(await lastEntry()).toMatchObject({
      range: `visits ${expected[0]?.number} to ${expected.at(-1)?.number}: class elevated; the last 40`,
    });
  });

  test('PDF, in Korean and English', async () => {
    for (const lang of ['ko', 'en']) {
      const out = path.join(folder, `${lang}.pdf`);
      const { code, stderr } = await run(
        ...['export', '--format', 'pdf', '--lang', lang, '--last', '100', '--out', out, ...REASONS],
      );
      expect(code, stderr).toBe(0);
      expect((await readFile(out)).subarray(0, 5).toString()).toBe('%PDF-');
    }
  });

  test('verify --manifest finds a changed file, a lost trail and a rewritten one', async () => {
    const out = path.join(folder, 'checked.csv');
    await run('export', '1-9', '--out', out, ...REASONS);
    const verify = (): Promise<Ended> => run('verify', '--manifest', `${out}.manifest.json`);
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('9 visits') });
    const elsewhere = await fevergate(
      ['records', 'verify', '--manifest', `${out}.manifest.json`, '--records', path.join(folder, 'none')],
      ENV,
    );
    expect(elsewhere).toMatchObject({ code: 0, stdout: expect.stringContaining('no audit trail at hand') });
    const other = path.join(folder, 'other');
    await (await openAuditTrail(other)).append({ event: 'stop' });
    const rewritten = await fevergate(
      ['records', 'verify', '--manifest', `${out}.manifest.json`, '--records', other],
      ENV,
    );
    expect(rewritten.code).toBe(1);
    await appendFile(out, 'x');
    expect(await verify()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('not what was exported'),
    });
  });
});

test('a sealed photo is handed over as it is kept, and told', async () => {
  const out = path.join(folder, '9.age');
  const { code, stderr } = await run('photo', '9', '--out', out, ...REASONS);
  expect(code, stderr).toBe(0);
  expect(await readFile(out)).toEqual(SEALED);
  expect(await lastEntry()).toMatchObject({
    event: 'export',
    format: 'age',
    visits: 1,
    range: 'visits 9 to 9: photo of visit 9',
  });
  expect(parseManifest(await readFile(`${out}.manifest.json`, 'utf8'))).toMatchObject({ format: 'age' });
});

test('a photo that is not what was written is found', async () => {
  const photos = async () => (await verifyRecords(records, CAP)).find(({ what }) => what === 'photos');
  const file = path.join(records, 'photos.sealed');
  const bytes = await readFile(file);
  const visit = (await visitsOnDisk(records)).find(({ number }) => number === 9);
  const [, block = 0] = (visit?.photo ?? []) as [string?, number?];
  await writeFile(file, Buffer.from(bytes).fill(0xff, block * 4096 + 50, block * 4096 + 60));
  expect(await photos()).toEqual({
    what: 'photos',
    whole: false,
    found: '1 photos cannot be opened, the first of visit 9',
  });
  await writeFile(file, bytes);
  expect(await photos()).toEqual({
    what: 'photos',
    whole: true,
    found: '1 photos, each opened with its key',
  });
  expect(await verifyRecords(records, CAP - 1)).toMatchObject([
    {},
    {},
    { what: 'cap', whole: false },
    { whole: true },
  ]);
});

describe('correcting', () => {
  let some = '';
  beforeAll(async () => {
    some = path.join(folder, 'some');
    await fill(some, 300);
  });
  const change = (...args: readonly string[]): Promise<Ended> =>
    fevergate(['records', ...args, '--records', some], ENV);

  test('erases by number and by time window, and tells only how many', async () => {
    const { code, stdout, stderr } = await change('erase', '7', '20-22', '--yes', '--by', 'visitor');
    expect(code, stderr).toBe(0);
    expect(stdout).toBe('4 visits erased\n');
    expect(await lastEntry(some)).toMatchObject({ event: 'erasure', by: 'visitor', visits: 4 });
    await change('erase', '--from', '2026-01-05T09:09', '--to', '2026-01-05T09:09', '--yes');
    const kept = (await readVisits(some)).map(({ number }) => number);
    expect(kept).toHaveLength(300 - 4 - 30);
    for (const number of [7, 20, 21, 22, 270, 299]) expect(kept).not.toContain(number);
    const trail = await readFile(path.join(some, 'audit.ndjson'), 'utf8');
    expect(trail).not.toMatch(/2026-01-05T09:00:14|"visit":7/);
    expect(await change('verify')).toMatchObject({ code: 0 });
  });

  test('enters a check', async () => {
    const { code, stderr } = await change(
      ...['check', '15', '--result', 'confirmed', '--temperature', '38.2', '--by', 'the guard'],
    );
    expect(code, stderr).toBe(0);
    expect((await readVisits(some)).find(({ number }) => number === 15)).toMatchObject({
      check: { result: 'confirmed', temperature_c: 38.2 },
    });
    expect(await lastEntry(some)).toMatchObject({ event: 'check-entered', visit: 15, by: 'the guard' });
    expect((await change('check', '8', '--result', 'cleared')).stderr).toContain('visit 8');
  });

  test('verify names what is broken and ends with 1', async () => {
    const trail = path.join(some, 'audit.ndjson');
    const text = await readFile(trail, 'utf8');
    await writeFile(trail, text.replace('"visits":4', '"visits":1'));
    const { code, stdout } = await change('verify', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      whole: false,
      verified: [
        { what: 'audit', whole: false, found: 'first broken link: line 1 (entry 1): the entry was changed' },
        { what: 'visits', whole: true },
        { what: 'cap', whole: true },
        { what: 'photos', whole: true },
      ],
    });
    await writeFile(trail, text);
    await changeBytes(visitsFileIn(some), (file) => file.fill('nonsense', 10 * PLACE, 10 * PLACE + 8));
    expect((await change('verify')).stdout).toMatch(/✘ visits +visits\.ndjson: line 11 cannot be read/);
  });

  test('the audit trail is shown', async () => {
    const { stdout } = await change('audit', '--last', '1');
    expect(stdout).toMatch(/check-entered +visit 15, result confirmed, by the guard\n$/);
  });
});
