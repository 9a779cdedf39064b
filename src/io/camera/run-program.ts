import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type CameraProgram, notStarted, stopped } from './camera-program.ts';
import { LastWords } from './last-words.ts';

/** How long a program has to end after SIGTERM. */
const TERMINATE_MS = 2000;
/** How long its output is read after its end. */
const DRAIN_MS = 500;

/**
 * Runs a camera program until it ends or `signal` aborts, and settles only once its process is gone. Resolves when it was
 * stopped by the signal; rejects with CameraError when it ended by itself or could not be started.
 *
 * @param read called with what it writes to stdout
 * @param sideFd file descriptor it gets as number 3
 */
export async function runProgram(
  program: CameraProgram,
  signal: AbortSignal,
  read: (chunk: Buffer) => void,
  sideFd: number | null,
): Promise<void> {
  const child = spawn(program.executable, program.args, {
    stdio: ['ignore', 'pipe', 'pipe', ...(sideFd === null ? [] : [sideFd])],
  });
  // The one that counts is heard below; one that comes later must not end the gate.
  child.on('error', () => undefined);
  const words = new LastWords();
  listen(child.stdout, read);
  listen(child.stderr, (chunk) => words.push(chunk));
  const release = tie(child, signal);
  try {
    const [exitCode, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    if (!signal.aborted) throw stopped(program, { exitCode, signal: killedBy }, words.lines());
  } catch (error) {
    if (child.pid === undefined && error instanceof Error) throw notStarted(program, error);
    throw error;
  } finally {
    release();
  }
}

function listen(stream: Readable | null, read: (chunk: Buffer) => void): void {
  stream?.on('data', read);
  // The end of the process tells more.
  stream?.on('error', () => undefined);
}

/** Ends the child with the signal, and at the latest with this process. */
function tie(child: ChildProcess, signal: AbortSignal): () => void {
  let killing: NodeJS.Timeout | undefined;
  const terminate = (): void => {
    child.kill('SIGTERM');
    killing = setTimeout(() => child.kill('SIGKILL'), TERMINATE_MS);
  };
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  // Something it started may keep the other ends open.
  const drain = (): void => {
    setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, DRAIN_MS).unref();
  };
  if (signal.aborted) terminate();
  signal.addEventListener('abort', terminate, { once: true });
  process.once('exit', kill);
  child.once('exit', drain);
  return () => {
    clearTimeout(killing);
    signal.removeEventListener('abort', terminate);
    process.off('exit', kill);
  };
}
