import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { arm64Node, compile, copyLineModules, needTools, SYSROOT } from './arm64-tools.ts';
import { debianKernel, KERNEL_MODULES } from './debian-kernel.ts';
import { kept, keyOf, run } from './kept.ts';

const HERE = import.meta.dirname;
const LIBRARIES = [
  'ld-linux-aarch64.so.1',
  'libc.so.6',
  'libm.so.6',
  'libdl.so.2',
  'libpthread.so.0',
  'libgcc_s.so.1',
  'libstdc++.so.6',
] as const;

/** What a guest boots from. */
export type BootImage = Readonly<{
  kernel: string;
  initramfs: string;
  versions: string;
  remove: () => Promise<void>;
}>;

/**
 * A stock Debian arm64 kernel, and an initramfs with busybox, Node and the project as it is now.
 * @throws Unavailable
 */
export async function bootImage(): Promise<BootImage> {
  needTools(
    'qemu-system-aarch64',
    'aarch64-linux-gnu-gcc',
    'aarch64-linux-gnu-g++',
    'cpio',
    'apt-get',
    'dpkg-deb',
  );
  const debian = await debianKernel();
  const system = await systemArchive(debian);
  const folder = await mkdtemp(path.join(tmpdir(), 'fevergate-guest-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await compile('test/hardware/vm/tsconfig.guest.json', path.join(folder, 'root/app'));
    await writeFile(path.join(folder, 'root/app/package.json'), '{ "type": "module" }\n');
    await archive(path.join(folder, 'root'), path.join(folder, 'app.cpio'));
    const initramfs = path.join(folder, 'initramfs');
    // The kernel unpacks archives one after the other.
    await run('sh', ['-c', 'cat "$1" "$2" > "$3"', 'sh', system, path.join(folder, 'app.cpio'), initramfs]);
    const versions = await readFile(path.join(debian, 'versions'), 'utf8');
    return { kernel: path.join(debian, 'vmlinuz'), initramfs, versions, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Everything but the project's own code, made once. */
async function systemArchive(debian: string): Promise<string> {
  const node = await arm64Node();
  const modules = await mkdtemp(path.join(tmpdir(), 'fevergate-modules-'));
  try {
    await copyLineModules(modules);
    const own = await Promise.all(
      ['init.sh', 'uhid-bridge.c'].map((file) => readFile(path.join(HERE, file))),
    );
    const native = await readFile(path.join(modules, 'koffi/package.json'));
    const name = `system-${keyOf(...own, native, path.basename(debian), path.basename(node))}`;
    const folder = await kept(name, async (making) => {
      const root = path.join(making, 'root');
      for (const part of ['bin', 'lib', 'dev', 'proc', 'sys', 'tmp', 'modules', 'app']) {
        await mkdir(path.join(root, part), { recursive: true });
      }
      await copyFile(path.join(HERE, 'init.sh'), path.join(root, 'init'));
      await chmod(path.join(root, 'init'), 0o755);
      await copyFile(path.join(debian, 'busybox'), path.join(root, 'bin/busybox'));
      await copyFile(path.join(node, 'bin/node'), path.join(root, 'bin/node'));
      await cp(path.join(debian, 'modules'), path.join(root, 'modules'), { recursive: true });
      await writeFile(path.join(root, 'modules/order'), KERNEL_MODULES.join('\n'));
      await cp(modules, path.join(root, 'app/node_modules'), { recursive: true });
      for (const library of LIBRARIES) {
        await copyFile(path.join(SYSROOT, 'lib', library), path.join(root, 'lib', library));
      }
      const bridge = [path.join(HERE, 'uhid-bridge.c'), '-o', path.join(root, 'bin/uhid-bridge')];
      await run('aarch64-linux-gnu-gcc', ['-O1', '-static', ...bridge]);
      await archive(root, path.join(making, 'system.cpio'));
      await rm(root, { recursive: true });
    });
    return path.join(folder, 'system.cpio');
  } finally {
    await rm(modules, { recursive: true });
  }
}

/** Packs a folder as the kernel unpacks it. */
async function archive(root: string, into: string): Promise<void> {
  const pipe = 'cd "$1" && find . | cpio --quiet -o -H newc > "$2"';
  await run('sh', ['-c', pipe, 'sh', root, into]);
}
