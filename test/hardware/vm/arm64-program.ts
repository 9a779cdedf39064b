import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ended } from '../../support/command.ts';
import { arm64Modules, arm64Node, compile, needTools, ROOT, SYSROOT } from './arm64-tools.ts';
import { kept, keyOf, run, runToEnd } from './kept.ts';

/** The project as installed on an arm64 machine, run here by QEMU's translation of its programs. */
export type Arm64Program = Readonly<{
  /** A folder for the test's own files, removed with the rest. */
  folder: string;
  /** Runs the arm64 Node in the installation's folder. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs the installed `fevergate`. */
  fevergate(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  remove(): Promise<void>;
}>;

/** @throws Unavailable */
export async function arm64Program(): Promise<Arm64Program> {
  needTools('qemu-aarch64-static', 'aarch64-linux-gnu-gcc', 'aarch64-linux-gnu-strip');
  const [home, modules] = [await arm64Node(), await arm64Modules()];
  const folder = await mkdtemp(path.join(tmpdir(), 'fevergate-arm64-'));
  const installed = path.join(folder, 'fevergate');
  await compile('tsconfig.build.json', path.join(installed, 'dist'));
  await symlink(modules, path.join(installed, 'node_modules'));
  for (const part of ['package.json', 'models', 'config']) {
    await cp(path.join(ROOT, part), path.join(installed, part), { recursive: true });
  }
  const node: Arm64Program['node'] = (args, env = {}) => {
    const settings = Object.entries(env).flatMap(([name, value]) => ['-E', `${name}=${value}`]);
    const program = ['-L', SYSROOT, ...settings, path.join(home, 'bin/node'), ...args];
    return runToEnd('qemu-aarch64-static', program, installed);
  };
  return {
    folder,
    node,
    fevergate: (args, env) => node(['dist/cli.js', ...args], env),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The preload library of the emulated devices, for arm64. */
export async function arm64Shim(): Promise<string> {
  const sources = path.join(ROOT, 'test/hardware/shim');
  const files = (await readdir(sources)).sort();
  const contents = await Promise.all(files.map((file) => readFile(path.join(sources, file))));
  const folder = await kept(`shim-arm64-${keyOf(...contents)}`, async (making) => {
    const compiled = ['-o', path.join(making, 'hwshim.so'), path.join(sources, 'hwshim.c')];
    await run('aarch64-linux-gnu-gcc', ['-shared', '-fPIC', '-O2', ...compiled, '-ldl', '-lpthread']);
  });
  return path.join(folder, 'hwshim.so');
}
