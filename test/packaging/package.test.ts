import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whenAvailable } from '../hardware/vm/kept.ts';
import { ARCHITECTURE, BUILDERS, buildPackage, need, unpackBase } from './built.ts';

const EPOCH_S = 1_795_528_800;
const MOST_INSTALLED_KB = 120_000;
const CONFIG = '/etc/fevergate/fevergate.yaml';
const VISITS = '/var/lib/fevergate/records/visits-1.ndjson';

const made = await whenAvailable(async () => {
  need({ ...BUILDERS, lintian: 'lintian' });
  return { deb: await buildPackage(EPOCH_S), root: await unpackBase() };
});

describe.skipIf(made.value === null)(`the ${ARCHITECTURE} package ${made.reason ?? ''}`, () => {
  const { deb, root } = made.value ?? { deb: '', root: '' };
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
    rmSync(path.dirname(deb), { recursive: true, force: true });
  });
  const inRoot = (...args: readonly string[]): string =>
    execFileSync('chroot', [root, 'env', 'DEBIAN_FRONTEND=noninteractive', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const at = (file: string): string => path.join(root, file);
  const field = (name: string): string =>
    execFileSync('dpkg-deb', ['-f', deb, name], { encoding: 'utf8' }).trim();

  test('built again, it is the same to the last byte', { timeout: 900_000 }, async () => {
    const again = await buildPackage(EPOCH_S);
    expect(sha256(again)).toBe(sha256(deb));
    rmSync(path.dirname(again), { recursive: true });
  });

  test('is at most 120 MB installed, and lintian finds no error in it', () => {
    expect(Number(field('Installed-Size'))).toBeLessThan(MOST_INSTALLED_KB);
    expect(field('Version')).toBe(
      (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version,
    );
    const { stdout } = spawnSync('lintian', ['--fail-on', 'error', '--allow-root', deb], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n').filter((line) => line.startsWith('E:'))).toEqual([]);
  });

  describe('in a root file system of Debian', () => {
    beforeAll(() => {
      // Nothing is started: there is no systemd at work.
      writeFileSync(at('/usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
      execFileSync('cp', [deb, at('/tmp/fevergate.deb')]);
      inRoot('dpkg', '--install', '/tmp/fevergate.deb');
    });

    test('the program runs, with everything that was taken away as not run', { timeout: 600_000 }, () => {
      expect(inRoot('fevergate', '--version', '--help')).toContain('Usage: fevergate');
      expect(inRoot('fevergate', 'config', 'check', CONFIG)).toContain('ok');
      inRoot('fevergate', 'notice', '--document', 'sign', '--out', '/tmp/sign.pdf', '--config', CONFIG);
      expect(readFileSync(at('/tmp/sign.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
      const run = [
        '--visits',
        '1',
        '--seed',
        '7',
        '--speed',
        'max',
        '--no-live',
        '--records',
        '/tmp/records',
      ];
      expect(inRoot('fevergate', 'simulate', ...run)).toContain('mask decided rightly');
    });

    test('user, groups, units, rules, manual, completion and what is inside are there', () => {
      const groups = inRoot('id', '-nG', 'fevergate').trim().split(' ');
      expect(groups).toEqual(expect.arrayContaining(['fevergate', 'i2c', 'gpio', 'video']));
      const enabled = '/etc/systemd/system/multi-user.target.wants/fevergate.service';
      expect(inRoot('readlink', enabled)).toContain('fevergate.service');
      const listed = inRoot('dpkg', '--listfiles', 'fevergate');
      for (const file of ['60-fevergate.rules', 'fevergate.1.gz', 'completions/fevergate', 'copyright']) {
        expect(listed).toContain(file);
      }
      const documents = at('/usr/share/doc/fevergate');
      const sbom = JSON.parse(unzipped(`${documents}/sbom.cdx.json.gz`)) as {
        bomFormat: string;
        components: readonly { name: string }[];
      };
      expect(sbom.bomFormat).toBe('CycloneDX');
      const names = sbom.components.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['mqtt', 'koffi', 'models/mask-head/head.bin']));
      expect(names.filter((name) => /vladmandic|vitest|typescript/.test(name))).toEqual([]);
      const licences = unzipped(`${documents}/third-party-licences.gz`);
      expect(licences).toContain('mqtt 5');
    });

    test('an upgrade keeps the configuration as changed, and the records', () => {
      writeFileSync(at(CONFIG), `${readFileSync(at(CONFIG), 'utf8')}gate: { site: kept }\n`);
      inRoot('mkdir', '-p', path.dirname(VISITS));
      writeFileSync(at(VISITS), 'as recorded\n');
      inRoot('dpkg', '--install', '/tmp/fevergate.deb');
      expect(readFileSync(at(CONFIG), 'utf8')).toContain('site: kept');
      expect(readFileSync(at(VISITS), 'utf8')).toBe('as recorded\n');
    });

    test('removed, the records and the configuration stay; purged, nothing does', () => {
      inRoot('dpkg', '--remove', 'fevergate');
      expect(existsSync(at('/usr/lib/fevergate'))).toBe(false);
      expect(existsSync(at(CONFIG))).toBe(true);
      expect(existsSync(at(VISITS))).toBe(true);
      inRoot('dpkg', '--purge', 'fevergate');
      for (const gone of ['/etc/fevergate', '/var/lib/fevergate'])
        expect(existsSync(at(gone)), gone).toBe(false);
    });
  });
});

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function unzipped(file: string): string {
  return gunzipSync(readFileSync(file)).toString('utf8');
}
