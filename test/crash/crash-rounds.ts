import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { type Random, seededRandom } from '../../src/simulation/random.ts';
import { aVisit } from '../support/a-visit.ts';
import { aNumberedAlert } from '../support/an-alert.ts';
import { recordsOfBefore } from '../support/records-of-before.ts';
import { cutPower, readDisk } from './power-cut.ts';
import { PromiseKept } from './promise.ts';
import { hasAlert, hasPhoto, sealedPhoto, type Told } from './told.ts';

export type CrashOptions = Readonly<{
  rounds: number;
  seed: number;
  onRound?: (round: number) => void;
}>;

export type CrashReport = Readonly<{
  rounds: number;
  /** Of the rounds: those after which writes that were not synced were lost or torn. */
  powerCuts: number;
  /** Openings that were held against what had been acknowledged. */
  openings: number;
  acknowledged: number;
  /** What was wrong, with its round; empty: nothing. */
  wrong: readonly string[];
}>;

/** What a power cut leaves is played after the write log, so no real disk has to be waited for. */
const IN_MEMORY = '/dev/shm';
const ROOT = path.join(import.meta.dirname, '../..');
const SOURCE = path.join(import.meta.dirname, 'write-log.c');
/** Small, so that most rounds delete visits for newer ones; at most two growths of the file. */
const CAPS = [40, 70, 100];
/** So often the folder is emptied first: files are made, and grow. */
const ANEW_EVERY = 12;
const VISITS_OF_BEFORE = 30;
const MOST_STEPS = 60;
const STARTING_MS = 1500;

/** Kills a writing gate over and over, at random points; every other time the power fails with it. */
export async function crashOverAndOver({ rounds, seed, onRound }: CrashOptions): Promise<CrashReport> {
  const random = seededRandom(seed);
  const work = await mkdtemp(path.join(existsSync(IN_MEMORY) ? IN_MEMORY : os.tmpdir(), 'fevergate-crash-'));
  const [folder, log] = [path.join(work, 'records'), path.join(work, 'log')];
  const promise = new PromiseKept();
  const wrong: string[] = [];
  let powerCuts = 0;
  const library = writeLogLibrary();
  const program = path.join(work, 'writer.mjs');
  await bundleWriter(program);
  const start = (onlyOpen: boolean) => {
    const cap = CAPS[Math.floor(random.uniform() * CAPS.length)] ?? 0;
    promise.allow(cap);
    return spawn(
      process.execPath,
      [program, folder, String(cap), String(Math.floor(random.uniform() * 1e9))],
      {
        cwd: ROOT,
        env: {
          ...process.env,
          LD_PRELOAD: library,
          FEVERGATE_WRITE_ROOT: folder,
          FEVERGATE_WRITE_LOG: log,
          ...(onlyOpen && { CRASH_ONLY_OPEN: '1' }),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
  };
  const hear = (round: number, text: string): void => {
    for (const line of text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1)) {
      for (const what of promise.hear(JSON.parse(line) as Told)) wrong.push(`round ${round}: ${what}`);
    }
  };
  try {
    await mkdir(folder, { mode: 0o700 });
    for (let round = 1; round <= rounds; round++) {
      if (round % ANEW_EVERY === 0) {
        await rm(folder, { recursive: true });
        await mkdir(folder, { mode: 0o700 });
        promise.startAnew();
        if (random.uniform() < 0.5) await leaveRecordsOfBefore(folder, promise);
      }
      const before = await readDisk(folder);
      await rm(log, { force: true });
      hear(round, await killed(start(false), random));
      if (random.uniform() < 0.5) {
        powerCuts++;
        promise.powerFails();
        await cutPower(folder, before, await readFile(log).catch(() => Buffer.alloc(0)), random);
      }
      onRound?.(round);
    }
    const last = start(true);
    let text = '';
    last.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(last, 'close');
    hear(rounds + 1, text);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { rounds, powerCuts, openings: promise.openings, acknowledged: promise.acknowledged, wrong };
}

/** What a version before has left, and had acknowledged. */
async function leaveRecordsOfBefore(folder: string, promise: PromiseKept): Promise<void> {
  const visits = Array.from({ length: VISITS_OF_BEFORE }, (_, index) => aVisit(index + 1, 'elevated'));
  await recordsOfBefore(folder, visits, [], (number) => (hasPhoto(number) ? sealedPhoto(number) : null));
  for (const { number } of visits) promise.hear({ kind: 'stored', number });
  const alerts = visits.filter(({ number }) => hasAlert(number));
  const lines = alerts.map(({ number }, index) => ({ alert: aNumberedAlert(number, index + 1) }));
  await writeFile(
    path.join(folder, 'alerts.ndjson'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    { mode: 0o600 },
  );
  for (const { alert } of lines)
    promise.hear({ kind: 'waits', number: alert.visitNumber, sequence: alert.sequence });
}

/** Lets the writer go on for a while, or kills it while it opens its records. Resolves to what it has told. */
async function killed(writer: ReturnType<typeof spawn>, random: Random): Promise<string> {
  const early = random.uniform() < 0.15;
  const steps = 1 + Math.floor(random.uniform() * MOST_STEPS);
  const laterMs = random.uniform() * 4;
  let told = '';
  let killing = false;
  const kill = async (afterMs: number): Promise<void> => {
    if (killing) return;
    killing = true;
    await sleep(afterMs);
    writer.kill('SIGKILL');
  };
  writer.stdout?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.split('\n').length > steps) void kill(laterMs);
  });
  if (early) void kill(random.uniform() * STARTING_MS);
  await once(writer, 'close');
  return told;
}

/** One file that starts in a moment: a round is little more than its start. */
async function bundleWriter(program: string): Promise<void> {
  await build({
    entryPoints: [path.join(import.meta.dirname, 'writer.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // Packages in CommonJS ask for Node's modules by require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

/** The preload library, compiled once per state of its source. */
function writeLogLibrary(): string {
  const hash = createHash('sha256').update(process.arch).update(readFileSync(SOURCE)).digest('hex');
  const library = path.join(os.tmpdir(), `fevergate-writelog-${hash.slice(0, 16)}.so`);
  if (!existsSync(library)) {
    const fresh = `${library}.${process.pid}`;
    execFileSync('cc', [
      '-shared',
      '-fPIC',
      '-O2',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      fresh,
      SOURCE,
      '-ldl',
      '-lpthread',
    ]);
    renameSync(fresh, library);
  }
  return library;
}
