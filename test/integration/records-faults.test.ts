import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canMount, onSmallDisk } from '../support/small-disk.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-faults-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const SCRIPT = `
  import { execFileSync } from 'node:child_process';
  import { rmSync, writeFileSync } from 'node:fs';
  import { configSchema } from './src/config/schema.ts';
  import { openAuditTrail } from './src/io/store/audit-file.ts';
  import { openGateRecords } from './src/io/store/gate-records.ts';
  import { readVisits } from './src/io/store/read-visits.ts';
  import { aVisit } from './test/support/a-visit.ts';
  import { anAlert, aLog, GATE_ID } from './test/support/an-alert.ts';
  import { setClock } from './test/support/set-clock.ts';
  const directory = process.env.STORE;
  const time = setClock(Date.UTC(2026, 0, 5));
  const log = aLog();
  const audit = { append: async (event) => (await openAuditTrail(directory)).append(event) };
  const open = () => openGateRecords({
    directory, records: configSchema.parse({}).records, gateId: GATE_ID, clock: time.clock, audit, log, zone: 'UTC',
  });
  const mount = (how) => execFileSync('mount', ['-o', 'remount,' + how, directory]);
  const ballast = () => {
    // To the last page, and then the last name.
    for (const bytes of [1e6, 4096, 1]) for (let count = 0; count < 500; count++)
      try { writeFileSync(directory + '/ballast-' + bytes + '-' + count, Buffer.alloc(bytes)); } catch { break; }
  };
  const lighten = () => execFileSync('sh', ['-c', 'rm -f "$STORE"/ballast-*']);
  const attempt = async (records) => {
    try { await records.append(aVisit(records.nextNumber, 'elevated')); return 'stored'; } catch (error) { return error.code; }
  };
  const alertsGoOn = async (records) => {
    const number = records.nextNumber;
    const { alert, kept } = records.outbox.add(anAlert(number));
    await Promise.allSettled([kept, records.append(aVisit(number, 'elevated'))]);
    const held = records.outbox.holds(alert.id);
    await records.outbox.acknowledge(alert.id).catch(() => undefined);
    return held;
  };
  const minute = async (records) => { time.pass(61_000); await records.tend(); };
  const numbers = async () => (await readVisits(directory)).map(({ number }) => number);
  const told = [];
  let records = await open();
  told.push(await attempt(records), await attempt(records));
  await records.close();
`;
const END = `
  await records.close();
  process.stdout.write(JSON.stringify(told));
`;

test.skipIf(!canMount)(
  'a gate starts on a read-only disk, says so, alerts, tells what waited there, and keeps visits once it can (needs mounts)',
  () => {
    const script = `${SCRIPT}
    records = await open();
    const { alert, kept } = records.outbox.add(anAlert(3));
    told.push(await attempt(records));
    await kept;
    await records.close();
    mount('ro');
    records = await open();
    told.push(records.outbox.holds(alert.id));
    await records.outbox.acknowledge(alert.id);
    told.push(records.state().health, await attempt(records), await alertsGoOn(records), records.nextNumber);
    await minute(records);
    told.push(records.state().health);
    mount('rw');
    await minute(records);
    told.push(records.state().health, await attempt(records), await numbers());
    told.push(log.messages.filter((message) => message.startsWith('visits are')));
    await records.close();
    records = await open();
    told.push(records.outbox.pending());
    ${END}`;
    const { stdout, stderr } = onSmallDisk(folder, 512, script);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([
      'stored',
      'stored',
      'stored',
      true,
      'read-only',
      'read-only',
      true,
      6,
      'read-only',
      'ok',
      'stored',
      [1, 2, 3, 6],
      ['visits are not kept', 'visits are kept again'],
      [],
    ]);
  },
);

test.skipIf(!canMount)(
  'a gate starts on a full disk, says so, alerts, and keeps visits once there is room (needs mounts)',
  () => {
    const script = `${SCRIPT}
    ballast();
    records = await open();
    told.push(await attempt(records), records.state().health, await alertsGoOn(records), records.nextNumber);
    await minute(records);
    told.push(records.state().health);
    lighten();
    await minute(records);
    told.push(records.state().health, await attempt(records), await numbers());
    ${END}`;
    const { stdout, stderr } = onSmallDisk(folder, 64, script);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([
      'stored',
      'stored',
      'full',
      'full',
      true,
      5,
      'full',
      'ok',
      'stored',
      [1, 2, 5],
    ]);
  },
);

test.skipIf(!canMount)(
  'the whole gate runs on a read-only disk: everybody is answered, and the log says what is lost (needs mounts)',
  () => {
    const script = `
    import { execFileSync, spawnSync } from 'node:child_process';
    execFileSync('mount', ['-o', 'remount,ro', process.env.STORE]);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli.ts', 'simulate',
      '--visits', '3', '--seed', '7', '--speed', 'max', '--records', process.env.STORE], { encoding: 'utf8' });
    const answered = stdout.split('\\n').filter((line) => /^visit \\d+: /.test(line)).length;
    process.stdout.write(JSON.stringify({ status, answered, stderr }));`;
    const { stdout } = onSmallDisk(folder, 64, script);
    const run = JSON.parse(stdout) as Readonly<{ status: number; answered: number; stderr: string }>;
    expect(run.status).toBe(0);
    expect(run.answered).toBeGreaterThanOrEqual(3);
    expect(run.stderr).toContain('visits are not kept');
  },
);
