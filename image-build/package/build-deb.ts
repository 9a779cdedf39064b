/**
 * Builds the Debian package: `npm run package:deb -- --arch arm64`. Needs a Debian machine with `dpkg-dev` and `debhelper`.
 * The same commit gives the same bytes: every time in it is SOURCE_DATE_EPOCH, or the commit's own.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { billOfMaterials, licenceTexts, partsIn } from './bill-of-materials.ts';
import { readHelp } from './command-help.ts';
import { bashCompletion } from './completion.ts';
import { manPage } from './man-page.ts';
import { ARCHITECTURES, type Architecture, installProductionModules, slim } from './production-modules.ts';
import { copyModels } from './shipped-models.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const UNITS = ['fevergate.service', 'fevergate-network.service', 'fevergate-network.timer'];
const DOCUMENTS = [
  'README.md',
  'docs/operations.md',
  'docs/configuration.md',
  'docs/records.md',
  'docs/mqtt.md',
];

const { values } = parseArgs({
  options: { arch: { type: 'string', default: 'arm64' }, out: { type: 'string', default: 'build' } },
});
const architecture = architectureOf(values.arch);
const out = path.resolve(values.out);
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
const epochS = Number(process.env['SOURCE_DATE_EPOCH'] ?? run('git', ['log', '-1', '--format=%ct']));

const source = path.join(out, `deb-${architecture}`, `fevergate-${version}`);
const debian = path.join(source, 'debian');
const files = path.join(source, 'files');
rmSync(path.dirname(source), { recursive: true, force: true });
say('compiling');
run('npm', ['run', 'build', '--silent']);
layProgram(path.join(files, 'usr/lib/fevergate'));
await layDocuments();
layDebian();
settle(source);
say('packing');
const deb = pack();
const bytes = readFileSync(deb);
const installedKb = run('dpkg-deb', ['--field', deb, 'Installed-Size']);
process.stdout.write(
  `${path.relative(process.cwd(), deb)}: ${bytes.length} bytes, ${installedKb} kB installed\nsha256 ${createHash('sha256').update(bytes).digest('hex')}\n`,
);

function layProgram(program: string): void {
  say(`installing production packages for ${architecture}`);
  installProductionModules(ROOT, program, architecture);
  copyModels(path.join(ROOT, 'models'), path.join(program, 'models'));
  say('listing what is inside');
  const documents = path.join(files, 'usr/share/doc/fevergate');
  mkdirSync(documents, { recursive: true });
  writeFileSync(path.join(documents, 'sbom.cdx.json'), billOfMaterials(program, epochS * 1000));
  const modules = path.join(program, 'node_modules');
  writeFileSync(path.join(documents, 'third-party-licences'), licenceTexts(partsIn(modules)));
  slim(modules);
  for (const file of ['package-lock.json', '.npmrc']) rmSync(path.join(program, file));
  cpSync(path.join(ROOT, 'dist'), path.join(program, 'dist'), {
    recursive: true,
    // What makes the weights is no part of the gate.
    filter: (from) => from !== path.join(ROOT, 'dist/training'),
  });
  copyFileSync(path.join(ROOT, 'systemd/let-through'), path.join(program, 'let-through'));
}

async function layDocuments(): Promise<void> {
  const help = await readHelp([process.execPath, path.join(ROOT, 'dist/cli.js')]);
  mkdirSync(debian, { recursive: true });
  writeFileSync(path.join(debian, 'fevergate.1'), manPage(help, version, epochS * 1000));
  const completions = path.join(files, 'usr/share/bash-completion/completions');
  mkdirSync(completions, { recursive: true });
  writeFileSync(path.join(completions, 'fevergate'), bashCompletion(help));
}

function layDebian(): void {
  cpSync(path.join(ROOT, 'image-build/package/debian'), debian, { recursive: true });
  for (const unit of UNITS) {
    const name = unit.startsWith('fevergate.') ? unit : `fevergate.${unit}`;
    copyFileSync(path.join(ROOT, 'systemd', unit), path.join(debian, name));
  }
  copyFileSync(path.join(ROOT, 'config/fevergate.yaml'), path.join(source, 'fevergate.yaml'));
  copyFileSync(path.join(ROOT, 'CHANGELOG.md'), path.join(source, 'CHANGELOG.md'));
  for (const file of DOCUMENTS) copyFileSync(path.join(ROOT, file), path.join(source, path.basename(file)));
}

/** Modes that do not depend on the builder's umask or on how a package was packed. */
function settle(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder)) {
    const file = path.join(folder, entry);
    const stat = lstatSync(file);
    if (stat.isSymbolicLink()) continue;
    if (stat.isDirectory()) settle(file);
    else chmodSync(file, /\/(debian\/rules|let-through)$/.test(file) ? 0o755 : 0o644);
  }
}

function pack(): string {
  // Its output is told only when it fails.
  execFileSync('dpkg-buildpackage', ['--build=binary', '--no-sign', '-d', `-a${architecture}`], {
    cwd: source,
    env: {
      ...process.env,
      SOURCE_DATE_EPOCH: String(epochS),
      LC_ALL: 'C.UTF-8',
      DEB_BUILD_OPTIONS: 'nocheck',
    },
    stdio: 'pipe',
  });
  const name = `fevergate_${version}_${architecture}.deb`;
  copyFileSync(path.join(path.dirname(source), name), path.join(out, name));
  return path.join(out, name);
}

function architectureOf(name: string): Architecture {
  if (!(name in ARCHITECTURES)) {
    throw new Error(`--arch ${name}: one of ${Object.keys(ARCHITECTURES).join(', ')}`);
  }
  return name as Architecture;
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

function say(what: string): void {
  process.stderr.write(`${what} ...\n`);
}
