import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run, Unavailable } from '../hardware/vm/kept.ts';

const ROOT = path.join(import.meta.dirname, '../..');

type BuiltArchitecture = 'amd64' | 'arm64';

/** What packages are tried for: amd64, which needs no translation here, or what FEVERGATE_PACKAGE_ARCH says. */
export const ARCHITECTURE: BuiltArchitecture =
  process.env['FEVERGATE_PACKAGE_ARCH'] === 'arm64' ? 'arm64' : 'amd64';

/** Programs that build a package and a root file system, and the Debian packages they are in. */
export const BUILDERS: Programs = {
  'dpkg-buildpackage': 'dpkg-dev',
  dh: 'debhelper',
  mmdebstrap: 'mmdebstrap',
};

export type Programs = Readonly<Record<string, string>>;

/**
 * @param programs with the Debian package each is in
 * @throws Unavailable with the packages to install
 */
export function need(programs: Programs): void {
  if (process.getuid?.() !== 0) throw new Unavailable('packages and images are tried out as root only');
  const missing = Object.entries(programs).filter(
    ([program]) => spawnSync(program, ['--version']).error !== undefined,
  );
  if (missing.length > 0) {
    throw new Unavailable(`apt-get install ${missing.map(([, name]) => name).join(' ')}`);
  }
}

/** Builds the package in a folder of its own. @returns the .deb */
export async function buildPackage(epochS: number, architecture = ARCHITECTURE): Promise<string> {
  const out = mkdtempSync(path.join(tmpdir(), 'fevergate-deb-'));
  const args = ['tsx', 'image-build/package/build-deb.ts', '--arch', architecture, '--out', out];
  const printed = await run('npx', args, {
    cwd: ROOT,
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochS) },
  });
  const name = /(fevergate_\S+\.deb):/.exec(printed)?.[1];
  if (name === undefined) throw new Error(`no package: ${printed}`);
  return path.join(out, name);
}

/** A root file system of Debian trixie in a folder of its own. */
export async function unpackBase(architecture = ARCHITECTURE): Promise<string> {
  const tar = (await run('sh', [path.join(ROOT, 'image-build/qemu/base-tar.sh'), architecture])).trim();
  const root = mkdtempSync(path.join(tmpdir(), 'fevergate-root-'));
  await run('tar', ['-xf', tar, '-C', root, '--numeric-owner']);
  return root;
}

/** Builds the image of the Debian-only flavour from a package, into a folder. */
export async function buildImage(deb: string, out: string, architecture: BuiltArchitecture): Promise<void> {
  await run('sh', [path.join(ROOT, 'image-build/qemu/build-image.sh'), architecture, deb, out]);
}
