import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run, Unavailable } from '../hardware/vm/kept.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** What the tests build for: amd64, which needs no translation here, or what FEVERGATE_PACKAGE_ARCH says. */
export const ARCHITECTURE: 'amd64' | 'arm64' =
  process.env['FEVERGATE_PACKAGE_ARCH'] === 'arm64' ? 'arm64' : 'amd64';

/** Program, and the Debian package it is in. */
const PROGRAMS = {
  'dpkg-buildpackage': 'dpkg-dev',
  dh: 'debhelper',
  lintian: 'lintian',
  mmdebstrap: 'mmdebstrap',
} as const;

/** @throws Unavailable with the packages to install */
export function needBuilders(): void {
  if (process.getuid?.() !== 0) throw new Unavailable('packages are tried out as root only');
  const missing = Object.entries(PROGRAMS).filter(
    ([program]) => spawnSync(program, ['--version']).error !== undefined,
  );
  if (missing.length > 0) {
    throw new Unavailable(`apt-get install ${missing.map(([, name]) => name).join(' ')}`);
  }
}

/** Builds the package in a folder of its own. @returns the .deb */
export async function buildPackage(epochS: number): Promise<string> {
  const out = mkdtempSync(path.join(tmpdir(), 'fevergate-deb-'));
  const args = ['tsx', 'image-build/package/build-deb.ts', '--arch', ARCHITECTURE, '--out', out];
  const printed = await run('npx', args, {
    cwd: ROOT,
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochS) },
  });
  const name = /(fevergate_\S+\.deb):/.exec(printed)?.[1];
  if (name === undefined) throw new Error(`no package: ${printed}`);
  return path.join(out, name);
}

/** A root file system of Debian trixie in a folder of its own. */
export async function unpackBase(): Promise<string> {
  const tar = (await run('sh', [path.join(ROOT, 'image-build/qemu/base-tar.sh'), ARCHITECTURE])).trim();
  const root = mkdtempSync(path.join(tmpdir(), 'fevergate-root-'));
  await run('tar', ['-xf', tar, '-C', root, '--numeric-owner']);
  return root;
}
