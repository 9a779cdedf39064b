import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { auditedImages, auditGate } from '../../src/commands/gate-audit.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type PublicKey, readPublicKey } from '../../src/config/public-key.ts';
import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import { openAuditTrail, readAudit } from '../../src/io/store/audit-file.ts';
import { openSensorImages } from '../../src/io/store/sensor-images.ts';
import { aLog } from '../support/an-alert.ts';
import { publicKeyLine } from '../support/ssh-keys.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-gate-audit-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A gate's start and stop, as far as the audit trail is told of them. */
async function run(
  yaml: string,
  directory = folder,
  log = aLog(),
  loginKeys: readonly PublicKey[] = [],
): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  const clock = createSystemClock();
  await auditGate({ config: parseConfig(yaml, 'test'), directory, clock, log, loginKeys }, closing);
  for (const close of closing.reverse()) await close();
}

test('starts, stops and changed settings are told, by name and never by value', async () => {
  await run('operator: {contact: "02-1234-5678"}\n');
  await run('operator: {contact: "02-1234-5678"}\n');
  await run('operator: {contact: "02-8765-4321"}\nrecords: {maximumAgeDays: 7}\n');
  const { entries, broken } = await readAudit(folder);
  expect(broken).toBeNull();
  const events = entries.map(({ event }) => event);
  expect(events).toEqual(['start', 'stop', 'start', 'stop', 'configuration-changed', 'start', 'stop']);
  const [first, , second, , changed, third] = entries;
  expect(changed).toMatchObject({ fields: ['operator.contact', 'records.maximumAgeDays'] });
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(first).toMatchObject({ version, profile: 2 });
  const hashOf = (entry: object | undefined) => (entry && 'configHash' in entry ? entry.configHash : null);
  expect(hashOf(second)).toBe(hashOf(first));
  expect(hashOf(third)).toBe(hashOf(changed));
  expect(hashOf(third)).not.toBe(hashOf(first));
  for (const name of ['audit.ndjson', 'configuration.json'])
    expect(await readFile(path.join(folder, name), 'utf8')).not.toMatch(/1234|8765/);
});

test('every change of the offset that is added to readings is told, with its value', async () => {
  await run('');
  await run('thermal: {offsetC: 0.4}\n');
  await run('thermal: {offsetC: 0.4}\n');
  await run('');
  const told = (await readAudit(folder)).entries.filter(({ event }) => event === 'calibration');
  expect(told).toMatchObject([
    { what: 'offset', detail: '0.4 degC' },
    { what: 'offset', detail: '0 degC' },
  ]);
  expect(() => parseConfig('thermal: {offsetC: 1.6}\n', 'test')).toThrow(/thermal\.offsetC/);
});

test('who may log in is told when it changes: opened, another key, closed', async () => {
  const keys = ['a', 'b'].flatMap((name) => {
    const read = readPublicKey(`${publicKeyLine('ed25519')} ${name}`);
    return read.ok ? [read.key] : [];
  });
  for (const loginKeys of [keys.slice(0, 1), keys.slice(0, 1), keys, keys.toReversed(), []]) {
    await run('', folder, aLog(), loginKeys);
  }
  const { entries, broken } = await readAudit(folder);
  expect(broken).toBeNull();
  const [a, b] = keys.map(({ fingerprint }) => fingerprint);
  expect(entries.filter(({ event }) => event !== 'start' && event !== 'stop')).toMatchObject([
    { event: 'login-changed', keys: 1, fingerprints: [a] },
    { event: 'login-changed', keys: 2, fingerprints: [a, b] },
    { event: 'login-changed', keys: 0, fingerprints: [] },
  ]);
});

test('a trail that cannot be written is logged, and the gate starts', async () => {
  const log = aLog();
  await writeFile(path.join(folder, 'file'), '');
  await run('', path.join(folder, 'file', 'records'), log);
  expect(log.messages).toEqual(['audit trail not written', 'audit trail not written']);
});

test('a sensor made known is told', async () => {
  const images = auditedImages(await openSensorImages(folder), await openAuditTrail(folder));
  await images.accept('4d4c58000001', new Uint16Array(832));
  expect([...images.all().keys()]).toEqual(['4d4c58000001']);
  expect((await readAudit(folder)).entries).toMatchObject([
    {
      event: 'calibration',
      what: 'sensor',
      detail: expect.stringMatching(/^sensor 4d4c58000001, EEPROM [0-9a-f]{64}$/),
    },
  ]);
});
