import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../..');
const FOLDERS = ['systemd', 'image-build/overlay/usr/lib/systemd/system'];
/** Settings newer than the systemd of the oldest supported Debian, which says so and goes on. */
const NEWER = /Unknown key( name)? '(RestartSteps|RestartMaxDelaySec)'/;
const MOST_EXPOSED = 2.0;

const here = spawnSync('systemd-analyze', ['--version']).status === 0;
const lack = here ? null : 'systemd-analyze is not here: apt-get install systemd';
if (lack !== null && process.env['CI']) throw new Error(lack);

const units = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => /\.(service|timer|mount)$/.test(name))
    .map((name) => path.join(ROOT, folder, name)),
);

describe.skipIf(lack !== null)(lack ?? 'units', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-units-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('systemd has nothing against any of them', () => {
    expect(units.length).toBeGreaterThan(4);
    // Programs and documentation are where the package puts them, which is not here.
    const copies = units.map((unit) => {
      const text = readFileSync(unit, 'utf8')
        .replaceAll(
          /^(Exec\w+=)\/(usr\/bin\/fevergate|usr\/lib\/fevergate\S*|usr\/sbin\/sshd)/gm,
          '$1/bin/true',
        )
        .replaceAll(/^(Documentation|User|Group|SupplementaryGroups)=.*\n/gm, '');
      const copy = path.join(folder, path.basename(unit));
      writeFileSync(copy, text);
      return copy;
    });
    const { stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', '--recursive-errors=no', ...copies],
      {
        encoding: 'utf8',
        env: { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' },
      },
    );
    const said = stderr.split('\n').filter((line) => line.includes('fevergate') && !NEWER.test(line));
    expect(said).toEqual([]);
  });

  test.each([
    ['fevergate.service', MOST_EXPOSED],
    ['fevergate-network.service', 4],
  ])('%s is exposed at most %d of 10', (name, most) => {
    const { stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', path.join(ROOT, 'systemd', name)],
      { encoding: 'utf8' },
    );
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
    expect(exposure).toBeGreaterThan(0);
    expect(exposure).toBeLessThanOrEqual(most);
  });
});

describe('the gate’s unit', () => {
  const text = readFileSync(path.join(ROOT, 'systemd/fevergate.service'), 'utf8');

  test.each([
    'Type=notify',
    'ExecStopPost=/usr/bin/fevergate lines safe --config /etc/fevergate/fevergate.yaml',
    'IPAddressDeny=any',
    'CapabilityBoundingSet=',
    'ProtectSystem=strict',
    'DevicePolicy=closed',
  ])('has %s', (line) => {
    expect(text.split('\n')).toContain(line);
  });

  test('opens just the kinds of devices that a gate uses', () => {
    const devices = [...text.matchAll(/^DeviceAllow=(\S+)/gm)].map(([, device]) => device);
    expect(devices).toEqual(['char-i2c', 'char-gpiochip', 'char-video4linux', 'char-media', 'char-dma_heap']);
  });
});
