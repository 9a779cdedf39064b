import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmulatedHardware } from '../hardware/emulator/emulated-hardware.ts';
import type { Ended } from './command.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const SHIM = path.join(import.meta.dirname, '../hardware/shim');
const CONDITION_TIMEOUT_MS = 20_000;

/** A program that runs beside the test. */
export type Running = Readonly<{
  pid: number;
  /** What it has written so far. */
  output(): Readonly<{ stdout: string; stderr: string }>;
  write(text: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Ended by a signal: the code is 128 and its number, as a shell says it. */
  ended: Promise<Ended>;
}>;

/**
 * Why there is no emulated hardware here, as a reason to skip; null: there is. Only a user's machine is excused: the
 * project's own (CI is set) must have a C compiler.
 */
export function lackOfEmulatedHardware(): string | null {
  return process.env['CI'] ? null : whatIsMissing();
}

function whatIsMissing(): string | null {
  if (process.platform !== 'linux') return 'skipped: emulated devices need Linux';
  return compiler() === null ? 'skipped: emulated devices need a C compiler (apt install gcc)' : null;
}

/** The preload library, compiled once per state of its sources. */
function shimLibrary(): string {
  const command = compiler();
  if (command === null) throw new Error('emulated devices need a C compiler: apt install gcc');
  const hash = createHash('sha256').update(`${process.arch} ${command}`);
  for (const file of readdirSync(SHIM).sort()) hash.update(readFileSync(path.join(SHIM, file)));
  const library = path.join(tmpdir(), `fevergate-hwshim-${hash.digest('hex').slice(0, 16)}.so`);
  if (!existsSync(library)) {
    // Test files run at the same time: each compiles to a name of its own.
    const fresh = `${library}.${process.pid}`;
    execFileSync(command, [
      ...['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror', '-o', fresh],
      path.join(SHIM, 'hwshim.c'),
      ...['-ldl', '-lpthread'],
    ]);
    renameSync(fresh, library);
  }
  return library;
}

/** Runs Node with these arguments in a process whose kernel has the emulated devices. */
export function runUnder(
  hardware: Pick<EmulatedHardware, 'env'>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...hardware.env, LD_PRELOAD: shimLibrary(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code: code ?? 128 + signalNumber(signal), stdout, stderr });
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => ({ stdout, stderr }),
    write: (text) => void child.stdin.write(text),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs `fevergate` from its sources on emulated hardware. */
export function fevergateUnder(
  hardware: Pick<EmulatedHardware, 'env'>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  return runUnder(hardware, ['--import', 'tsx', path.join(ROOT, 'src/cli.ts'), ...args], env);
}

/** Waits until something has happened, looking every few ms; fails after 20 s. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + CONDITION_TIMEOUT_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(2);
  }
}

let found: string | null | undefined;

function compiler(): string | null {
  found ??=
    ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ??
    null;
  return found;
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0;
}
