import { execFile } from 'node:child_process';
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

const ROOT = path.join(import.meta.dirname, '../..');
const SCRIPT = path.join(ROOT, 'image-build/overlay/usr/lib/fevergate-image/first-boot');
const RECORDS = 'records: { directory: /var/lib/fevergate/records }\n';
const BEFORE = '# as it was\n';
const execute = promisify(execFile);

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
});
