import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** Debian's name of an architecture, and npm's. */
export const ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' } as const;
export type Architecture = keyof typeof ARCHITECTURES;

/** What a running gate never reads: declarations, maps, sources, tests, and bundles for browsers. */
const NOT_RUN = [
  /\.(map|ts|mts|cts|md|markdown|flow|html|css|ya?ml|tsbuildinfo|cc|h|hh|gypi?)$/i,
  /(^|\/)(\.[^/]+|@types|tests?|__tests__|coverage|miniprogram)\//,
  /(^|\/)\.[^/]+$/,
  /_test\.js$|\.(fesm|es2017)(\.min)?\.js$|^pdfkit\/js\/pdfkit\.(standalone|browser)/,
  /^@koromix\/[^/]+\/musl_|(^|\/)benchmarks\//,
  /^mqtt\/dist\/|^@tensorflow\/[^/]+\/wasm-out\//,
];
const LICENCE = /^(licen[cs]e|copying|notice|ofl|authors)/i;

/**
 * Installs the production packages of an architecture in `into`, exactly as the lock file says, without running any of
 * their scripts, and takes away what a running gate never reads. Licences stay.
 */
export function installProductionModules(root: string, into: string, architecture: Architecture): void {
  mkdirSync(into, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    copyFileSync(path.join(root, file), path.join(into, file));
  }
  const machine = [`--cpu=${ARCHITECTURES[architecture]}`, '--os=linux', '--libc=glibc'];
  execFileSync('npm', ['ci', '--silent', '--omit=dev', '--ignore-scripts', ...machine], {
    cwd: into,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // What only its making needs is no part of what is installed, and npm would miss it.
  const manifest = JSON.parse(readFileSync(path.join(into, 'package.json'), 'utf8')) as object;
  const { devDependencies: _, scripts: __, ...kept } = manifest as Record<string, unknown>;
  writeFileSync(path.join(into, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
}

/** Removes from installed packages what a running gate never reads. */
export function slim(modules: string): void {
  rmSync(path.join(modules, '.package-lock.json'), { force: true });
  rmSync(path.join(modules, '.bin'), { recursive: true, force: true });
  for (const name of readdirSync(modules, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(modules, name);
    if (LICENCE.test(path.basename(name)) || !existsSync(file) || !statSync(file).isFile()) continue;
    if (NOT_RUN.some((pattern) => pattern.test(name))) rmSync(file);
  }
  removeEmptyFolders(modules);
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(path.join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
