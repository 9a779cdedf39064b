import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PRIVATE_KEY, publicKeyLine } from '../support/ssh-keys.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const SCRIPT = path.join(ROOT, 'image-build/overlay/usr/lib/fevergate-image/first-boot');
const RECORDS = 'records: { directory: /var/lib/fevergate/records }\n';
const BEFORE = '# as it was\n';
const execute = promisify(execFile);
const KEY = publicKeyLine('ed25519');
const lack =
  spawnSync('ssh-keygen', ['-l']).error === undefined
    ? null
    : 'ssh-keygen is not here: apt-get install openssh-client';
if (lack !== null && process.env['CI']) throw new Error(lack);

// It gives files to root.
describe.skipIf(os.userInfo().uid !== 0)('what the image takes from its boot partition', () => {
  let folder: string;
  let boot: string;
  let etc: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-first-boot-'));
    boot = path.join(folder, 'boot');
    etc = path.join(folder, 'etc');
    const bin = path.join(folder, 'bin');
    for (const made of [boot, etc, bin]) mkdirSync(made);
    const program = `#!/bin/sh\ncd '${ROOT}' && exec '${process.execPath}' --import tsx src/cli.ts "$@"\n`;
    writeFileSync(path.join(bin, 'fevergate'), program, { mode: 0o755 });
    writeFileSync(path.join(etc, 'fevergate.yaml'), BEFORE);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lay = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(boot, name), text);
  };
  const start = async (): Promise<void> => {
    const PATH = `${path.join(folder, 'bin')}:${process.env['PATH']}`;
    await execute('sh', [SCRIPT, boot, etc, os.userInfo().username], { env: { ...process.env, PATH } });
  };
  const kept = (name: string): string => readFileSync(path.join(etc, name), 'utf8');

  test('a right configuration is taken over, the password moved off', async () => {
    lay({ 'fevergate.yaml': RECORDS, 'mqtt-password.txt': 'secret\n', 'broker-ca.pem': 'certificate\n' });
    lay({ 'fevergate-problem.txt': 'of the last time\n' });
    await start();
    expect(readdirSync(boot)).toEqual(['fevergate-applied.yaml']);
    expect(kept('fevergate.yaml')).toBe(RECORDS);
    expect(kept('broker-ca.pem')).toBe('certificate\n');
    expect(kept('mqtt-password')).toBe('secret\n');
    expect(statSync(path.join(etc, 'mqtt-password')).mode & 0o777).toBe(0o600);
    expect(readdirSync(etc).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test.each([
    ['a field that is wrong', `${RECORDS}visit: { answerS: 900 }\n`, 'visit.answerS'],
    ['records where nothing stays', 'records: { directory: /tmp/records }\n', 'records.directory'],
    ['a file that is no YAML', 'records: {\n', 'fevergate.yaml'],
  ])('%s is refused as a whole, with the reason beside it', async (_, yaml, named) => {
    lay({ 'fevergate.yaml': yaml, 'mqtt-password.txt': 'secret\n' });
    await start();
    expect(readFileSync(path.join(boot, 'fevergate-problem.txt'), 'utf8')).toContain(named);
    expect(readFileSync(path.join(boot, 'fevergate.yaml'), 'utf8')).toBe(yaml);
    expect(kept('fevergate.yaml')).toBe(BEFORE);
    expect(existsSync(path.join(etc, 'mqtt-password'))).toBe(false);
  });

  test('without one nothing is touched', async () => {
    lay({ 'mqtt-password.txt': 'secret\n' });
    await start();
    expect(readdirSync(boot)).toEqual(['mqtt-password.txt']);
    expect(readdirSync(etc)).toEqual(['fevergate.yaml']);
  });

  describe.skipIf(lack !== null)(lack ?? 'keys that may log in', () => {
    const hostKey = (): string => readFileSync(path.join(etc, 'login/host_key'), 'utf8');

    test('are kept, told and taken away from there; the machine gets a key of its own, and keeps it', async () => {
      lay({ 'ssh-keys.txt': `# guards\r\n${KEY} kim\r\n`, 'ssh-keys-problem.txt': 'of the last time\n' });
      await start();
      expect(readdirSync(boot)).toEqual(['ssh-keys-applied.txt']);
      expect(kept('login/authorized_keys')).toBe(`${KEY} kim\n`);
      const modes = ['', 'authorized_keys', 'host_key', 'host_key.pub'].map((name) =>
        (statSync(path.join(etc, 'login', name)).mode & 0o777).toString(8),
      );
      expect(modes).toEqual(['755', '644', '600', '644']);
      const { stdout } = await execute('ssh-keygen', ['-lf', path.join(etc, 'login/host_key.pub')]);
      const told = readFileSync(path.join(boot, 'ssh-keys-applied.txt'), 'utf8');
      expect(told).toContain(`The gate knows itself by ${stdout}`);
      expect(told).toMatch(/may log in:\n {2}ssh-ed25519, 256 bits, SHA256:\S{43} kim\n/);
      const before = hostKey();
      lay({ 'ssh-keys.txt': `${publicKeyLine(3072)} lee\n` });
      await start();
      expect(kept('login/authorized_keys')).toMatch(/^ssh-rsa \S+ lee\n$/);
      expect(hostKey()).toBe(before);
      expect(kept('fevergate.yaml')).toBe(BEFORE);
    });

    test('a file without a key closes the login', async () => {
      lay({ 'ssh-keys.txt': KEY });
      await start();
      lay({ 'ssh-keys.txt': '# nobody\n' });
      await start();
      expect(existsSync(path.join(etc, 'login/authorized_keys'))).toBe(false);
      expect(readdirSync(boot)).toEqual(['ssh-keys-applied.txt']);
      expect(readFileSync(path.join(boot, 'ssh-keys-applied.txt'), 'utf8')).toContain('nobody may log in');
    });

    test('one that is refused changes nothing, says why and stays there', async () => {
      lay({ 'ssh-keys.txt': `${KEY} kim\n` });
      await start();
      lay({ 'ssh-keys.txt': `command="sh" ${publicKeyLine('ed25519')}\n` });
      await start();
      expect(kept('login/authorized_keys')).toBe(`${KEY} kim\n`);
      expect(readFileSync(path.join(boot, 'ssh-keys-problem.txt'), 'utf8')).toMatch(/line 1: options/);
      expect(existsSync(path.join(boot, 'ssh-keys.txt'))).toBe(true);
    });

    test('a private key laid there is destroyed, told loudly and lets nobody in', async () => {
      lay({ 'ssh-keys.txt': `${KEY}\n${PRIVATE_KEY}` });
      await start();
      expect(readdirSync(boot)).toEqual(['ssh-keys-problem.txt']);
      const told = readFileSync(path.join(boot, 'ssh-keys-problem.txt'), 'utf8');
      expect(told).toMatch(/a PRIVATE key is in it.*make a new pair/);
      expect(told).not.toContain(PRIVATE_KEY.split('\n')[1]);
      expect(existsSync(path.join(etc, 'login'))).toBe(false);
    });

    test('are taken also where the configuration beside them is refused', async () => {
      lay({ 'fevergate.yaml': 'visit: { answerS: 900 }\n', 'ssh-keys.txt': KEY });
      await start();
      expect(readdirSync(boot).sort()).toEqual([
        'fevergate-problem.txt',
        'fevergate.yaml',
        'ssh-keys-applied.txt',
      ]);
      expect(kept('login/authorized_keys')).toBe(`${KEY}\n`);
    });
  });
});
