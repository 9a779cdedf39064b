import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchBy, kept, keyOf, run, Unavailable } from './kept.ts';

const SUITE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** In the order in which they are loaded. */
export const KERNEL_MODULES = ['hid', 'uhid', 'industrialio', 'hid-mcp2221', 'i2c-dev'] as const;

/**
 * Debian's arm64 kernel and busybox as packaged: `vmlinuz`, `modules/*.ko.xz`, `busybox`, and `versions`. The newest of
 * the suite at the first run; remove the folder to take newer ones.
 */
export async function debianKernel(): Promise<string> {
  if (!existsSync(KEYRING)) {
    throw new Unavailable('no Debian keyring here: apt-get install debian-archive-keyring');
  }
  return kept(`debian-arm64-${SUITE}-${keyOf(MIRROR, ...KERNEL_MODULES)}`, async (folder) => {
    const work = path.join(folder, 'work');
    const debs = await downloadDebs(work);
    await writeFile(path.join(folder, 'versions'), `${debs.map((deb) => path.basename(deb)).join('\n')}\n`);
    for (const deb of debs) await unpack(deb, work);
    await mkdir(path.join(folder, 'modules'));
    for (const entry of await readdir(work, { recursive: true })) {
      const into = placeOf(path.basename(entry));
      if (into !== null) await rename(path.join(work, entry), path.join(folder, into));
    }
    await rm(work, { recursive: true });
  });
}

function placeOf(name: string): string | null {
  if (name.startsWith('vmlinuz-')) return 'vmlinuz';
  if (name.endsWith('.ko.xz')) return `modules/${name}`;
  return name === 'busybox' ? name : null;
}

/** Fetches the packages with an apt of their own: this machine's sources and architectures stay as they are. */
async function downloadDebs(work: string): Promise<readonly string[]> {
  for (const folder of [
    'etc/apt.conf.d',
    'etc/preferences.d',
    'state/lists/partial',
    'cache/archives/partial',
  ]) {
    await mkdir(path.join(work, folder), { recursive: true });
  }
  await writeFile(path.join(work, 'status'), '');
  await writeFile(
    path.join(work, 'etc/sources.list'),
    `deb [arch=arm64 signed-by=${KEYRING}] ${MIRROR} ${SUITE} main\n`,
  );
  const apt = [
    `Dir::Etc=${work}/etc`,
    `Dir::State=${work}/state`,
    `Dir::State::status=${work}/status`,
    `Dir::Cache=${work}/cache`,
    'APT::Architecture=arm64',
    'APT::Architectures=arm64',
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
  ].flatMap((option) => ['-o', option]);
  await fetchBy('apt-get', ['update', '--error-on=any', '-qq', ...apt], work);
  const depends = await run('apt-cache', ['depends', 'linux-image-arm64', ...apt]);
  const kernel = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (kernel === undefined) throw new Unavailable(`${MIRROR} ${SUITE} has no linux-image-arm64`);
  await fetchBy('apt-get', ['download', '-qq', ...apt, kernel, 'busybox-static'], work);
  const files = await readdir(work);
  return files.filter((file) => file.endsWith('.deb')).map((file) => path.join(work, file));
}

/** Takes out of a package what is wanted of it. */
async function unpack(deb: string, into: string): Promise<void> {
  const wanted = path.basename(deb).startsWith('linux-image-')
    ? ['./boot/vmlinuz-*', ...KERNEL_MODULES.map((name) => `*/${name}.ko.xz`)]
    : ['./usr/bin/busybox'];
  const pipe = 'dpkg-deb --fsys-tarfile "$0" | tar -x --wildcards "$@"';
  await run('sh', ['-c', pipe, deb, '-C', into, ...wanted]);
}
