import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import type { Visit } from '../../src/domain/visit.ts';
import { enterCheck, eraseVisits } from '../../src/io/store/change-visits.ts';
import { readCounts } from '../../src/io/store/counts-file.ts';
import { type GateRecords, openGateRecords } from '../../src/io/store/gate-records.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { readVisitsFile } from '../../src/io/store/visits-file.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog, anAlert, GATE_ID } from '../support/an-alert.ts';
import { setClock } from '../support/set-clock.ts';
import { visitsFileIn } from '../support/visits-on-disk.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 5);
const RECIPIENT = 'age1650fezpxza30kykcxuaxwzfclnmh8qm2w0ev8c5qphx596wm7e2ss8m3lr';
const SEALED = new Uint8Array(5000).fill(7);

let folder = '';
let events: AuditEvent[] = [];
let log = aLog();
let time = setClock(START);
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-records-'));
  events = [];
  log = aLog();
  time = setClock(START);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Asked = Readonly<{
  profile: 0 | 1 | 2 | 3;
  capVisits?: number;
  maximumAgeDays?: number;
  until?: string;
}>;
const raised = ({ until = '2026-12-31', ...asked }: Asked) =>
  configSchema.parse({
    records: {
      ...asked,
      purpose: 'route tracing',
      legalBasis: { kind: 'law', text: 'Article 1', from: '2026-01-01', until },
      photo: { recipient: RECIPIENT },
    },
  }).records;
const plain = (asked: Asked) => configSchema.parse({ records: asked }).records;
const open = (records: ReturnType<typeof raised>): Promise<GateRecords> =>
  openGateRecords({
    directory: folder,
    records,
    gateId: GATE_ID,
    clock: time.clock,
    audit: { append: async (event) => void events.push(event) },
    log,
    zone: 'UTC',
  });
const now = (number: number, outcome: Visit['outcome'] = 'normal'): Visit => {
  const { unixMs, trusted } = time.clock.wallTime();
  return { ...aVisit(number, outcome), timeMs: unixMs, timeTrusted: trusted };
};
const keep = async (records: GateRecords, count: number, outcome: Visit['outcome'] = 'normal') => {
  for (let left = count; left > 0; left--) {
    await records.photos.keep(records.nextNumber, SEALED);
    await records.append(now(records.nextNumber, outcome));
    time.pass(1000);
  }
};
const numbers = async (): Promise<number[]> => (await readVisits(folder)).map(({ number }) => number);
const photos = async (): Promise<readonly number[]> =>
  ((await readVisitsFile(folder))?.visits ?? [])
    .filter(({ photo }) => photo !== null)
    .map(({ visit }) => visit.number);
/** Looks after the records, as a running gate does, until some work on them is done. */
const tendingUntil = async (records: GateRecords, work: Promise<unknown>): Promise<void> => {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  while (!done) {
    await records.tend();
    await sleep(20);
  }
  await end;
};
/** Everything on disk but the audit trail, of which there is none here. */
const everything = async (directory = folder): Promise<string> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((file) => readFile(path.join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
};

test('what a guard enters beside the gate is told by its records, and gone with its visit', async () => {
  const records = await open(plain({ profile: 2 }));
  await records.append(now(1, 'elevated'));
  await records.append(now(2, 'recheck'));
  expect(records.verdicts()).toEqual([]);
  const check = { result: 'cleared', temperature_c: 36.6, time: '2026-01-05T00:01:00Z' } as const;
  const access = {
    directory: folder,
    audit: { append: async (event: AuditEvent) => void events.push(event) },
  };
  await tendingUntil(records, enterCheck(access, 2, check, 'guard'));
  expect(records.verdicts()).toEqual([{ aboveNormalC: expect.closeTo(1.86, 6), confirmed: false }]);
  await tendingUntil(records, eraseVisits(access, [2], 'visitor'));
  expect(records.verdicts()).toEqual([]);
  await records.close();
});

describe('the storage profile', () => {
  test('3 keeps visits with photos, and what is lowered to 2 loses the photos at once', async () => {
    const records = await open(raised({ profile: 3 }));
    await keep(records, 3, 'elevated');
    expect(await photos()).toEqual([1, 2, 3]);
    await records.close();
    const lowered = await open(plain({ profile: 2 }));
    expect(await photos()).toEqual([]);
    expect(await numbers()).toEqual([1, 2, 3]);
    await lowered.close();
    expect(events).toEqual([
      { event: 'profile-changed', from: 3, to: 2, because: 'configured' },
      { event: 'deletion', because: 'profile', visits: 0, photos: 3 },
    ]);
  });

  test('lowered to 1, visits and waiting alerts are gone and days are counted; lowered to 0, the counts too', async () => {
    const records = await open(raised({ profile: 2 }));
    await keep(records, 2, 'elevated');
    const { kept } = records.outbox.add(anAlert(3));
    await keep(records, 1, 'elevated');
    await kept;
    await appendFile(visitsFileIn(folder), 'rubbish 36.71\n');
    await records.close();
    const counting = await open(plain({ profile: 1 }));
    expect(await numbers()).toEqual([]);
    expect(counting.outbox.pending()).toEqual([]);
    expect(counting.nextNumber).toBe(5);
    await counting.outbox.add({ ...anAlert(5), temperatureC: null }).kept;
    await counting.append(now(5, 'recheck'));
    await counting.append({ ...now(6), mask: 'not-worn' });
    expect(await everything()).not.toMatch(/36\.7|"number"|alert/);
    expect(await readCounts(folder)).toEqual([
      {
        day: '2026-01-05',
        visits: 2,
        normal: 1,
        recheck: 1,
        elevated: 0,
        mask_worn: 1,
        mask_not_worn: 1,
        mask_unsure: 0,
      },
    ]);
    await counting.close();
    const nothing = await open(plain({ profile: 0 }));
    await nothing.append(now(7, 'elevated'));
    expect(await readCounts(folder)).toEqual([]);
    expect(await everything()).not.toContain('visits"');
    await nothing.close();
    expect(events.filter(({ event }) => event === 'deletion')).toEqual([
      { event: 'deletion', because: 'profile', visits: 3, photos: 0 },
    ]);
  });

  test('is not raised without purpose, basis and end date, and says which is missing', async () => {
    await (await open(plain({ profile: 1 }))).close();
    const records = await open(plain({ profile: 2 }));
    expect(records.state()).toEqual({ profile: 1, health: 'ok' });
    await keep(records, 1);
    expect(await numbers()).toEqual([]);
    await records.close();
    expect(log.messages.at(-1)).toBe(
      'storage profile 1 in force, not 2: raising it needs records.purpose, records.legalBasis.kind, records.legalBasis.text, records.legalBasis.until',
    );
    const again = await open(raised({ profile: 2 }));
    expect(again.state().profile).toBe(2);
    await again.close();
    expect(events.at(-1)).toEqual({ event: 'profile-changed', from: 1, to: 2, because: 'configured' });
  });

  test('falls to 1 while the gate runs, at the minute the basis has ended', async () => {
    const records = await open(raised({ profile: 3, until: '2026-01-05' }));
    await keep(records, 1, 'elevated');
    const { kept } = records.outbox.add(anAlert(2));
    await keep(records, 1, 'elevated');
    await kept;
    time.set(START + DAY_MS - 30_000);
    await records.tend();
    expect(await numbers()).toEqual([1, 2]);
    time.pass(61_000);
    await records.tend();
    expect(await numbers()).toEqual([]);
    expect(await photos()).toEqual([]);
    expect(records.outbox.pending()).toEqual([]);
    expect(log.messages.at(-1)).toBe(
      'storage profile 1 in force, not 3: the legal basis ended with 2026-01-05',
    );
    await records.append(now(3));
    expect(await readCounts(folder)).toMatchObject([{ day: '2026-01-06', visits: 1 }]);
    await records.close();
    expect(events).toEqual(
      [
        { event: 'profile-changed', from: 2, to: 3, because: 'configured' },
        { event: 'profile-changed', from: 3, to: 1, because: 'basis-ended' },
        { event: 'deletion', because: 'profile', visits: 2, photos: 2 },
      ].slice(1),
    );
  });

  test('falls at a visit that comes first, which is then only counted', async () => {
    const records = await open(raised({ profile: 2, until: '2026-01-05' }));
    await keep(records, 1);
    time.set(START + DAY_MS);
    await records.append(now(2, 'elevated'));
    await records.close();
    expect(await numbers()).toEqual([]);
    expect(await readCounts(folder)).toMatchObject([{ elevated: 1 }]);
  });

  test('leaves no photo that was on its way when it fell', async () => {
    const records = await open(raised({ profile: 3, until: '2026-01-05' }));
    await keep(records, 1);
    const keeping = records.photos.keep(2, SEALED);
    time.set(START + DAY_MS);
    await records.append(now(2));
    await keeping;
    await records.tend();
    expect(await photos()).toEqual([]);
    expect(await everything()).not.toContain('"number"');
    await records.close();
  });

  test('a clock that nobody vouches for ends no basis, and a day once known is not forgotten', async () => {
    const records = await open(raised({ profile: 2, until: '2026-02-01' }));
    await keep(records, 1);
    time.set(START + 400 * DAY_MS, false);
    time.pass(61_000);
    await records.tend();
    expect(await numbers()).toEqual([1]);
    time.set(START + 30 * DAY_MS);
    await records.tend();
    time.pass(61_000);
    await records.tend();
    expect(records.state().profile).toBe(1);
    await records.close();
    time.set(0, false);
    const again = await open(raised({ profile: 2, until: '2026-02-01' }));
    expect(again.state().profile).toBe(1);
    await again.close();
  });
});

describe('age and cap', () => {
  test('visits go after the maximum age, in order, with photo and alert; the trail is told how many', async () => {
    const records = await open(raised({ profile: 3, maximumAgeDays: 2 }));
    const { kept } = records.outbox.add(anAlert(1));
    await keep(records, 3, 'elevated');
    await kept;
    time.set(START + DAY_MS);
    await keep(records, 2);
    time.set(START + 2 * DAY_MS + 10_000);
    await records.tend();
    expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
    time.pass(3_600_000);
    await records.tend();
    expect(await numbers()).toEqual([4, 5]);
    expect(await photos()).toEqual([4, 5]);
    expect(records.outbox.pending()).toEqual([]);
    expect(await everything()).not.toContain('"number":3,');
    expect(events.at(-1)).toEqual({ event: 'deletion', because: 'age', visits: 3, photos: 3 });
    await records.close();
    time.set(START + 9 * DAY_MS);
    const opened = await open(raised({ profile: 3, maximumAgeDays: 2 }));
    expect(await numbers()).toEqual([]);
    expect(opened.nextNumber).toBe(6);
    await opened.close();
    expect(events.at(-1)).toEqual({ event: 'deletion', because: 'age', visits: 2, photos: 2 });
  });

  test('a clock that jumps without being synchronised deletes nothing', async () => {
    const records = await open(plain({ profile: 2, maximumAgeDays: 1 }));
    await keep(records, 3);
    time.set(START + 400 * DAY_MS, false);
    time.pass(3_600_000);
    await records.tend();
    expect(await numbers()).toEqual([1, 2, 3]);
    await records.close();
  });

  test('counted days go after the maximum age, and undated counts belong to the day that is known next', async () => {
    const records = await open(plain({ profile: 1, maximumAgeDays: 2 }));
    await keep(records, 2);
    time.set(0, false);
    await keep(records, 3);
    time.set(START + 5 * DAY_MS);
    await keep(records, 1);
    time.pass(3_600_000);
    await records.tend();
    expect(await readCounts(folder)).toMatchObject([{ day: '2026-01-10', visits: 4 }]);
    await records.close();
  });

  test('beyond the cap photo and record go together, and the trail is told once an hour', async () => {
    const records = await open(raised({ profile: 3, capVisits: 4 }));
    await keep(records, 7);
    expect(await numbers()).toEqual([4, 5, 6, 7]);
    expect(await photos()).toEqual([4, 5, 6, 7]);
    expect(events.filter(({ event }) => event === 'deletion')).toEqual([]);
    time.pass(3_600_000);
    await records.tend();
    await keep(records, 1);
    await records.close();
    expect(events.filter(({ event }) => event === 'deletion')).toEqual([
      { event: 'deletion', because: 'cap', visits: 3, photos: 3 },
      { event: 'deletion', because: 'cap', visits: 1, photos: 1 },
    ]);
  });
});

describe('times', () => {
  test('an unset clock is told with each visit, and put right once it is synchronised', async () => {
    time.set(1000, false);
    const records = await open(plain({ profile: 2 }));
    await keep(records, 2, 'elevated');
    const doubtful = await readVisits(folder);
    expect(doubtful.map((visit) => [visit.time, visit.time_trusted])).toEqual([
      ['1970-01-01T00:00:01Z', false],
      ['1970-01-01T00:00:02Z', false],
    ]);
    time.set(START + 10_000);
    await records.append(now(3));
    await records.tend();
    expect((await readVisits(folder)).map((visit) => [visit.number, visit.time, visit.time_trusted])).toEqual(
      [
        [1, '2026-01-05T00:00:08Z', undefined],
        [2, '2026-01-05T00:00:09Z', undefined],
        [3, '2026-01-05T00:00:10Z', undefined],
      ],
    );
    await records.close();
    expect(events.at(-1)).toEqual({ event: 'clock-repaired', shiftMs: START + 7000, visits: 2 });
  });
});

describe('damage', () => {
  test('is told to the audit trail, and nothing readable is lost', async () => {
    const records = await open(plain({ profile: 2 }));
    await keep(records, 5);
    await records.close();
    const name = visitsFileIn(folder);
    const text = await readFile(name, 'utf8');
    const [head, ...lines] = text.split('\n').map((line) => line.trim());
    const [first, second, third, fourth, fifth] = lines;
    const damaged = `${head}\n${first}${second}\n\0\0\0\0${third}rubbish\n${fourth?.slice(0, 30)}\n${fifth}\n{"number":6`;
    await writeFile(name, damaged.padEnd(text.length));
    const again = await open(plain({ profile: 2 }));
    expect(await numbers()).toEqual([1, 2, 3, 5]);
    await again.close();
    expect(events).toEqual([{ event: 'records-repaired', tornLines: 1, badLines: 2 }]);
    const aside = await readFile(`${name}.bad`, 'utf8');
    expect(aside).toContain('rubbish');
    expect(aside).toContain(fourth?.slice(0, 30));
  });
});
