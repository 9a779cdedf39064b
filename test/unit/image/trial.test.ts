import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SCRIPTS = path.join(import.meta.dirname, '../../../image-build/overlay/usr/lib/fevergate-image');
/** Long enough on a slow machine; and short, where it is to run out. */
const AMPLE_S = '60';
const WITHIN_S = '2';
const STEADY_S = '2';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fevergate-trial-'));
  for (const name of ['bin', 'kept', 'boot/EFI/debian', 'proc']) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  lay('fevergate-image-version', '0.2.0\n');
  lay('kept/trial', '0.2.0\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lay = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trim();
const program = (name: string, text: string): void =>
  writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const run = (script: string, ...args: readonly string[]): { status: number | null; stdout: string } =>
  spawnSync('sh', [path.join(SCRIPTS, script), ...args], {
    encoding: 'utf8',
    env: {
      PATH: `${folder}/bin:${process.env['PATH']}`,
      FEVERGATE_KEPT: path.join(folder, 'kept'),
      FEVERGATE_ETC: folder,
      FEVERGATE_BOOT: path.join(folder, 'boot'),
      FEVERGATE_PROC: path.join(folder, 'proc'),
    },
  });

/** What systemd would say: the state of every unit, and which start of the gate's service it is. */
function systemd(isActive: string, invocation: string): void {
  program('systemctl', `case $1 in is-active) ${isActive} ;; show) ${invocation} ;; esac`);
  program('rauc', `echo "$*" >>${folder}/rauc`);
}

describe('a system under trial', () => {
  test('in which all is active, and stays so, is called good, once', () => {
    systemd('echo active', 'echo 1');
    expect(run('trial', AMPLE_S, STEADY_S).status).toBe(0);
    expect(read('rauc')).toBe('status mark-good');
    expect(read('kept/outcome.txt')).toMatch(/^Version 0\.2\.0 is in service: it was ready after \d+ s\.$/);
    expect(existsSync(path.join(folder, 'kept/trial'))).toBe(false);
  });

  test.each([
    [
      'the gate never becomes ready',
      '[ $2 != fevergate.service ] || { echo activating; exit 3; }',
      'echo 1',
      'fevergate.service is activating',
    ],
    [
      'the firewall does not stand',
      '[ $2 != nftables.service ] || { echo failed; exit 3; }',
      'echo 1',
      'nftables.service is failed',
    ],
    [
      'the gate is started over and over',
      'echo active',
      'date +%s%N',
      'fevergate.service did not stay active',
    ],
  ])('in which %s is not, and the reason is kept', (_, isActive, invocation, reason) => {
    systemd(isActive, invocation);
    const { status, stdout } = run('trial', WITHIN_S, STEADY_S);
    expect(status).toBe(1);
    expect(stdout).toContain(`<3>not ready within ${WITHIN_S} s: ${reason}`);
    expect(existsSync(path.join(folder, 'rauc'))).toBe(false);
    expect(read('kept/trial').split('\n')).toEqual(['0.2.0', expect.stringContaining(reason)]);
  });

  test('that RAUC cannot call good fails, as every other', () => {
    systemd('echo active', 'echo 1');
    program('rauc', 'exit 1');
    expect(run('trial', AMPLE_S, STEADY_S).status).not.toBe(0);
    expect(existsSync(path.join(folder, 'kept/outcome.txt'))).toBe(false);
  });
});

describe('the system from before tells', () => {
  beforeEach(() => {
    lay('fevergate-image-version', '0.1.0\n');
    lay('proc/cmdline', 'rauc.slot=A\n');
    lay('boot/EFI/debian/grubenv', '# GRUB Environment Block\ngood=A\ntrial=B\n'.padEnd(1024, '#'));
  });

  test.each([
    [
      '0.2.0\nfevergate.service is activating\n',
      'Version 0.2.0 was not taken: fevergate.service is activating. Version 0.1.0 goes on.',
    ],
    [
      '0.2.0\n',
      'Version 0.2.0 was not taken: it stopped before it was ready, or was not written to the end. Version 0.1.0 goes on.',
    ],
    ['0.1.0\n', 'Version 0.1.0 is in service.'],
  ])('what was noted as %j', (note, said) => {
    lay('kept/trial', note);
    const { status, stdout } = run('turned-back');
    expect({ status, stdout }).toEqual({ status: 0, stdout: `<4>${said}\n` });
    expect(read('kept/outcome.txt')).toBe(said);
    expect(existsSync(path.join(folder, 'kept/trial'))).toBe(false);
    expect(read('boot/EFI/debian/grubenv')).toContain('good=A\ntrial=\n');
  });
});
