import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signsOfAGate } from '../../src/commands/signs-of-a-gate.ts';
import { configSchema } from '../../src/config/schema.ts';
import { fevergate } from '../support/command.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-keygen-'));
});
afterEach(() => rm(folder, { recursive: true }));

const PRIVATE = /AGE-SECRET-KEY-1[0-9A-Z]{58}/;
const PUBLIC = /^public key: (age1\S+)$/m;

describe('fevergate keygen', () => {
  test('writes the private key for its owner alone, and prints the public one only', async () => {
    const file = path.join(folder, 'key.txt');
    const { code, stdout, stderr } = await fevergate(['keygen', '--out', file]);
    expect(code, stderr).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(PRIVATE);
    expect(stdout + stderr).not.toMatch(PRIVATE);
    const recipient = PUBLIC.exec(stdout)?.[1];
    expect(await readFile(file, 'utf8')).toContain(`# public key: ${recipient}`);
    expect(configSchema.parse({ records: { photo: { recipient } } }).records.photo.recipient).toBe(recipient);
  });

  test('never overwrites a key', async () => {
    const file = path.join(folder, 'key.txt');
    await writeFile(file, 'a key');
    const { code, stdout, stderr } = await fevergate(['keygen', '--out', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('never overwritten');
    expect(stdout).toBe('');
    expect(await readFile(file, 'utf8')).toBe('a key');
  });

  test('with --stdout prints a key file and nothing else there', async () => {
    const { code, stdout, stderr } = await fevergate(['keygen', '--stdout']);
    expect(code).toBe(0);
    expect(stdout).toMatch(PRIVATE);
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toHaveLength(1);
    expect(stderr).not.toMatch(PRIVATE);
    expect(stderr).toMatch(PUBLIC);
  });
});

describe('a gate is known', () => {
  test('by none of its signs on a plain machine', async () => {
    expect(await signsOfAGate(folder, folder)).toEqual([]);
  });

  test.each([
    ['a Raspberry Pi', 'proc/device-tree/model', 'it is a Raspberry Pi 5 Model B'],
    ['records', 'home/var/records/visits.ndjson', 'there are records in'],
    ['an installed configuration', 'etc/fevergate/fevergate.yaml', 'there is a configuration in'],
    ['a configuration at hand', 'home/fevergate.yaml', 'there is a configuration in'],
  ])('by %s', async (_, file, sign) => {
    const whole = path.join(folder, file);
    await mkdir(path.dirname(whole), { recursive: true });
    await writeFile(whole, 'Raspberry Pi 5 Model B\0');
    expect(await signsOfAGate(folder, path.join(folder, 'home'))).toEqual([expect.stringContaining(sign)]);
  });
});
