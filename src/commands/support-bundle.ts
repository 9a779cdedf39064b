import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import { defaultConfig, loadConfig } from '../config/load.ts';
import { SET, withoutTexts } from '../config/without-texts.ts';
import { examine } from '../doctor/examine.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { publishFile } from '../io/store/export-file.ts';
import { THIS_MACHINE } from '../notice/connections.ts';
import { openCamera } from './open-camera.ts';
import { checkOut } from './records/hand-over.ts';
import { softwareVersion } from './software-version.ts';

type Flags = Readonly<{ config?: string; force?: true }>;
type Section = Readonly<{ title: string; text: string }>;

const execute = promisify(execFile);
const LOG_LINES = '2000';
const UNITS = [
  'fevergate',
  'fevergate-network',
  'fevergate-firstboot',
  'fevergate-trial',
  'fevergate-turned-back',
  'fevergate-update@*',
];
/** Shorter ones stand in ordinary words too. */
const TELLING_CHARACTERS = 3;
const ADDRESS =
  /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b|\b(?:[0-9a-f]{0,4}:){2,7}:[0-9a-f]{1,4}\b/gi;

/** `fevergate support-bundle`: what somebody needs who helps from afar, in one text that can be read before it is sent. */
export function supportBundleCommand(): Command {
  return new Command('support-bundle')
    .description(
      'write what helps to find a fault to one text file: no visit, no picture, no name, no address',
    )
    .argument('<file>', 'file to write')
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--force', 'replace a file of that name')
    .addHelpText(
      'after',
      '\nIt holds versions, settings (free texts only as "(set)"), the doctor’s findings, the state of the services and their\nlog. Read it before you send it.',
    )
    .action(async (file: string, { config, force }: Flags) => {
      await checkOut({ out: file, ...(force ? { force } : {}) });
      const text = await bundle(config ?? null);
      await publishFile(file, Buffer.from(text), force ?? false);
      process.stdout.write(`${file}: read it, then send it\n`);
    });
}

async function bundle(configFile: string | null): Promise<string> {
  const { config, problem } = await configuration(configFile);
  const { config: shown, texts } = withoutTexts(config);
  const sections: readonly Section[] = [
    { title: 'program', text: `fevergate ${await softwareVersion()}, Node ${process.versions.node}` },
    { title: 'machine', text: await machine() },
    { title: 'settings', text: problem ?? JSON.stringify(shown, null, 2) },
    { title: 'doctor', text: await findings(config) },
    ...(await services(problem === null)),
  ];
  const strangers = [...texts, os.hostname(), ...accounts()].filter(
    (word) => word.length >= TELLING_CHARACTERS,
  );
  const text = sections.map(({ title, text: body }) => `== ${title}\n${body.trimEnd()}\n`).join('\n');
  return withoutWords(text, strangers).replaceAll(ADDRESS, (address) =>
    THIS_MACHINE.test(address) ? address : '(address)',
  );
}

/** A configuration that is wrong is told by field and problem; neither quotes what was set. */
async function configuration(file: string | null) {
  try {
    return { config: await loadConfig(file), problem: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const fields = error.problems.map(
      ({ field, line }) => `${field || 'the file'} (line ${line ?? 'unknown'})`,
    );
    return { config: defaultConfig(), problem: `refused: ${error.code}: ${fields.join(', ')}` };
  }
}

async function machine(): Promise<string> {
  const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
  const model = (await read('/proc/device-tree/model')).replaceAll('\0', '');
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(await read('/etc/os-release'))?.[1] ?? 'unknown system';
  const image = (await read('/etc/fevergate-image-version')).trim();
  return [
    model || `${os.arch()} machine`,
    `${system}, kernel ${os.release()}`,
    image === '' ? 'installed by package' : `image ${image}`,
    `up ${Math.round(os.uptime() / 60)} min, load ${os
      .loadavg()
      .map((one) => one.toFixed(2))
      .join(' ')}`,
    `memory ${Math.round(os.freemem() / 1e6)} of ${Math.round(os.totalmem() / 1e6)} MB free`,
  ].join('\n');
}

async function findings(config: Parameters<typeof examine>[0]['config']): Promise<string> {
  const clock = createSystemClock();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const lines: string[] = [];
  for await (const finding of examine({
    config,
    clock,
    openCamera: () => openCamera(config, clock, log),
    show: null,
  })) {
    lines.push(`${finding.status}: ${finding.check}: ${finding.found}`);
  }
  return lines.join('\n');
}

/**
 * The gate's own services only: what other programs log is not known to be without persons.
 * @param withLog false: the configuration was refused, and what the log quotes of it cannot be told apart
 */
async function services(withLog: boolean): Promise<readonly Section[]> {
  const states = [
    'show',
    '-p',
    'Id,ActiveState,SubState,Result,NRestarts,StatusText,MemoryCurrent',
    ...UNITS,
  ];
  return [
    { title: 'services', text: await said('systemctl', states) },
    { title: 'failed units', text: await said('systemctl', ['--failed', '--no-legend', '--plain']) },
    {
      title: 'log',
      text: withLog ? await log() : 'left out: it may quote the configuration that was refused',
    },
  ];
}

function log(): Promise<string> {
  const units = UNITS.flatMap((unit) => ['-u', unit]);
  const form = ['-n', LOG_LINES, '-o', 'short-monotonic', '--no-hostname', '--no-pager'];
  return said('journalctl', [...units, ...form]);
}

async function said(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await execute(program, args, { maxBuffer: 64e6 })).stdout;
  } catch (error) {
    return `${program} does not tell (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'})`;
  }
}

/** Names of who is logged in here, but for the image's own: they stand in paths. */
function accounts(): readonly string[] {
  return [process.env['SUDO_USER'], process.env['USER']].flatMap((name) =>
    name === undefined || name === 'root' || name === 'fevergate' || name === 'gate' ? [] : [name],
  );
}

/** The longest first: one may be part of another. */
function withoutWords(text: string, words: readonly string[]): string {
  return [...new Set(words)]
    .sort((one, other) => other.length - one.length)
    .reduce((left, word) => left.replaceAll(word, SET), text);
}
