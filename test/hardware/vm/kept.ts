import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Ended } from '../../support/command.ts';

const KEPT = path.join(homedir(), '.cache/fevergate-test');

/** The machine lacks what the arm64 tests need: a tool, or the network at the first run. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** What could be made, or why not. */
export type Made<T> = Readonly<{ value: T; reason: null } | { value: null; reason: string }>;

/** Makes what tests need; on a user's machine they are skipped for the reason told, in CI it is a failure. */
export async function whenAvailable<T>(make: () => Promise<T>): Promise<Made<T>> {
  try {
    return { value: await make(), reason: null };
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env['CI']) throw error;
    return { value: null, reason: error.message };
  }
}

/**
 * A folder of the cache, filled by `make` when it is not there yet. The name carries the versions of what is in it; a
 * folder is there whole or not at all.
 */
export async function kept(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(KEPT, name);
  if (existsSync(folder)) return folder;
  await mkdir(KEPT, { recursive: true });
  const making = await mkdtemp(path.join(KEPT, '.making-'));
  try {
    await make(making);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    // Another run may have been quicker.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Short key of what something is made from. */
export function keyOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 12);
}

type Running = Readonly<{ cwd?: string; env?: NodeJS.ProcessEnv }>;

const execute = promisify(execFile);

/** Runs a program; a failure tells what it printed. */
export async function run(program: string, args: readonly string[], running: Running = {}): Promise<string> {
  const { stdout } = await execute(program, args, { ...running, maxBuffer: 64e6 });
  return stdout;
}

/** Runs a program that fetches something: its failure makes what it fetches unavailable. */
export async function fetchBy(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return await run(program, args, { cwd });
  } catch (error) {
    throw new Unavailable(`${program} ${args[0]} failed`, { cause: error });
  }
}

/** Runs a program whose failure is an answer too. */
export function runToEnd(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}
