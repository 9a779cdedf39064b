import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run, Unavailable } from '../hardware/vm/kept.ts';
import type { GuestArchitecture } from './test-disk.ts';

export const ROOT = path.join(import.meta.dirname, '../..');

/** What the tests build for: FEVERGATE_APPLIANCE_ARCH, or this machine's own kind, which needs no translation. */
export const ARCHITECTURE: GuestArchitecture =
  process.env['FEVERGATE_APPLIANCE_ARCH'] === 'arm64' ? 'arm64' : 'amd64';

/** Program, and the Debian package it is in. */
const PROGRAMS = {
  'dpkg-buildpackage': 'dpkg-dev',
  dh: 'debhelper',
  lintian: 'lintian',
  mmdebstrap: 'mmdebstrap',
  'mkfs.erofs': 'erofs-utils',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  sfdisk: 'fdisk',
  cpio: 'cpio',
} as const;
const MACHINES = { amd64: 'qemu-system-x86_64', arm64: 'qemu-system-aarch64' } as const;
const MACHINE_PACKAGES = { amd64: 'qemu-system-x86', arm64: 'qemu-system-arm' } as const;

/** @throws Unavailable with the packages to install */
export function needBuilders(): void {
  if (process.getuid?.() !== 0) throw new Unavailable('packages and images are tried out as root only');
  const needed = { ...PROGRAMS, [MACHINES[ARCHITECTURE]]: MACHINE_PACKAGES[ARCHITECTURE] };
  const missing = Object.entries(needed).filter(
    ([program]) => spawnSync(program, ['--version']).error !== undefined,
  );
  if (missing.length > 0) {
    throw new Unavailable(`apt-get install ${missing.map(([, name]) => name).join(' ')}`);
  }
}

/** Builds the package in a folder of its own. @returns the .deb */
export async function buildPackage(epochS: number): Promise<string> {
  const out = mkdtempSync(path.join(tmpdir(), 'fevergate-deb-'));
  const args = ['tsx', 'packaging/build-deb.ts', '--arch', ARCHITECTURE, '--out', out];
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

/** Builds the image of the Debian-only flavour from a package. @param bootFiles folder of what lies on its boot partition */
export async function buildImage(deb: string, bootFiles: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const script = path.join(ROOT, 'image-build/qemu/build-image.sh');
  await run('sh', [script, ARCHITECTURE, deb, out], { env: { ...process.env, BOOT_FILES: bootFiles } });
}
