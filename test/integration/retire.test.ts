import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backupCommand } from '../../src/commands/backup.ts';
import { restoreCommand } from '../../src/commands/restore.ts';
import { retireCommand } from '../../src/commands/retire.ts';
import { openAuditTrail, readAudit } from '../../src/io/store/audit-file.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { registrationFiles } from '../../src/io/store/registration-files.ts';
import { openSensorImages } from '../../src/io/store/sensor-images.ts';
import { openVisitStore } from '../../src/io/store/visit-store.ts';
import { aRegistration } from '../support/a-registration.ts';
import { aVisit } from '../support/a-visit.ts';
import { type Ended, fevergate } from '../support/command.ts';
import { inProcess } from '../support/in-process.ts';
import { openKeptAlerts } from '../support/kept-alerts.ts';

const run = promisify(execFile);
let folder: string;
let directory: string;
let config: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-retire-'));
  directory = path.join(folder, 'records');
  config = path.join(folder, 'gate.yaml');
  const password = path.join(folder, 'password');
  await writeFile(password, 'a secret\n', { mode: 0o600 });
  await writeFile(
    config,
    `records: { directory: ${directory} }\nalerts: { mqtt: { passwordFile: ${password} } }\n`,
  );
  await (await openSensorImages(directory)).accept('0123456789ab', new Uint16Array(832).fill(7));
  const { folder: kept, raise, close } = await openKeptAlerts(directory);
  await kept.photos.keep(300, new Uint8Array(2000).fill(0x61));
  for (let number = 1; number <= 298; number++) await kept.visits.append(aVisit(number, 'elevated'));
  await raise(299, 300);
  await close();
  await (await openAuditTrail(directory)).append({ event: 'stop' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const COMMANDS = { retire: retireCommand, backup: backupCommand } as const;
const command = (name: keyof typeof COMMANDS, ...args: string[]): Promise<Ended> =>
  inProcess(COMMANDS[name](), [...args, '--config', config]);

describe('fevergate retire', () => {
  test('destroys everything kept, prints a certificate, and leaves what is not the gate’s', async () => {
    const stray = path.join(directory, 'holiday.jpg');
    const outside = path.join(folder, 'outside.txt');
    await writeFile(stray, 'not the gate’s');
    await writeFile(outside, 'elsewhere');
    await symlink(outside, path.join(directory, 'visits-000000999.ndjson'));
    const out = path.join(folder, 'certificate.pdf');
    const { code, stdout, stderr } = await command('retire', '--yes', '--lang', 'en', '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readdir(directory)).toEqual(['holiday.jpg', 'visits-000000999.ndjson']);
    expect(await readFile(outside, 'utf8')).toBe('elsewhere');
    expect(await readdir(folder)).not.toContain('password');
    expect(stdout).toContain('| Visits erased | 300 |');
    expect(stdout).toContain('| Photos erased, with their keys | 1 |');
    expect(stdout).toContain('| Waiting alerts erased | 2 |');
    expect(stdout).toContain('| Calibration images of sensors erased | 1 |');
    expect(stdout).toMatch(/\| Audit trail, closed and erased \| 2 entries, whole \|/);
    expect(stdout).toMatch(/\| Its last hash \| [0-9a-f]{64} \|/);
    expect(stdout).toContain('holiday.jpg');
    expect((await run('pdftotext', [out, '-'])).stdout).toContain('Certificate of erasure');
  });

  test('refuses while a gate runs, and destroys nothing', async () => {
    const store = await openVisitStore({ directory, capVisits: 25_000 });
    const { code, stderr } = await command('retire', '--yes');
    await store.close();
    expect(code).toBe(1);
    expect(stderr).toContain('a gate runs here; stop it first');
    expect(await readVisits(directory)).toHaveLength(300);
  });

  test('does nothing unasked', async () => {
    const { code, stderr } = await command('retire');
    expect(code).toBe(1);
    expect(stderr).toContain('--yes');
    expect(await readVisits(directory)).toHaveLength(300);
  });

  test('keeps the password where told, and a retired device retires again', async () => {
    expect((await command('retire', '--yes', '--keep-password')).stdout).toContain('its file was LEFT');
    expect(await readdir(folder)).toContain('password');
    expect(await command('retire', '--yes')).toMatchObject({ code: 0 });
  });

  test('a gate started afterwards begins at visit 1, with nothing of before', {
    timeout: 120_000,
  }, async () => {
    await command('retire', '--yes');
    const flags = ['--visits', '2', '--seed', '3', '--speed', 'max', '--records', directory];
    const { code } = await fevergate(['simulate', ...flags]);
    expect(code).toBe(0);
    const visits = await readVisits(directory);
    expect(visits[0]?.number).toBe(1);
    expect(visits.length).toBeLessThan(5);
    const { entries, broken } = await readAudit(directory);
    expect(broken).toBeNull();
    expect(entries[0]).toMatchObject({ seq: 1, event: expect.not.stringMatching('retired') });
  });
});

describe('fevergate backup and restore', () => {
  const reasons = ['--purpose', 'a new device', '--recipient', 'the same office', '--legal-basis', 'a law'];
  let file: string;
  beforeEach(() => {
    file = path.join(folder, 'backup.json');
  });

  /** Another device's place. */
  const restored = (...args: string[]): Promise<Ended> =>
    inProcess(restoreCommand(), [
      file,
      '--config',
      path.join(folder, 'new.yaml'),
      '--records',
      path.join(folder, 'new'),
      ...args,
    ]);

  test('carry configuration and calibration over, no secret and no record', async () => {
    const registration = aRegistration();
    await registrationFiles(directory).keepCalibration(registration);
    expect(await command('backup', file)).toMatchObject({ code: 0 });
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain('a secret');
    expect(text).not.toMatch(/temperature_c|elevated\\"/);
    expect(await restored()).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(path.join(folder, 'new.yaml'), 'utf8')).toContain(`directory: ${directory}`);
    const images = (await openSensorImages(path.join(folder, 'new'))).all();
    expect(images.get('0123456789ab')).toEqual(new Uint16Array(832).fill(7));
    const carried = await registrationFiles(path.join(folder, 'new')).readCalibration();
    expect(carried).toEqual({ kind: 'kept', value: registration });
    expect(await readVisits(path.join(folder, 'new'))).toEqual([]);
  });

  test('records go along only as a hand-over, told in the audit trail', async () => {
    const refused = await command('backup', file, '--with-records');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--purpose');
    expect(await command('backup', file, '--with-records', ...reasons)).toMatchObject({ code: 0 });
    const { entries } = await readAudit(directory);
    expect(entries.at(-1)).toMatchObject({
      event: 'export',
      format: 'backup',
      visits: 300,
      purpose: 'a new device',
    });
    expect(await restored()).toMatchObject({ code: 0 });
    expect(await readVisits(path.join(folder, 'new'))).toEqual(await readVisits(directory));
    const store = await openVisitStore({ directory: path.join(folder, 'new'), capVisits: 25_000 });
    expect(store.nextNumber).toBe(301);
    await store.close();
    const again = await restored('--force');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('holds visits already');
  });

  test('a changed backup, a strange part or a path in it is refused, and nothing is written', async () => {
    await command('backup', file);
    const text = await readFile(file, 'utf8');
    const changes: readonly [string, RegExp][] = [
      [text.replace('capVisits: 25000', 'capVisits: 24999'), /was changed: its configuration/],
      [
        text.replace('"name": "sensor-images"', '"name": "../../etc/passwd"'),
        /not a backup that this version/,
      ],
      [text.replace('"version": 1', '"version": 2'), /not a backup that this version/],
      [text.slice(0, 500), /not JSON/],
    ];
    for (const [changed, why] of changes) {
      await writeFile(file, changed);
      const { code, stderr } = await restored();
      expect(code).toBe(1);
      expect(stderr).toMatch(why);
    }
    expect((await readdir(folder)).sort()).toEqual(['backup.json', 'gate.yaml', 'password', 'records']);
  });

  test('an existing configuration is not replaced unasked', async () => {
    await command('backup', file);
    await mkdir(path.join(folder, 'new'));
    await writeFile(path.join(folder, 'new.yaml'), '{}');
    const { code } = await restored();
    expect(code).toBe(1);
    expect(await readFile(path.join(folder, 'new.yaml'), 'utf8')).toBe('{}');
    expect(await restored('--force')).toMatchObject({ code: 0 });
  });
});
