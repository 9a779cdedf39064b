import { spawn } from 'node:child_process';

/** Watches over this process from outside. */
export interface OutputsGuard {
  /** The outputs are safe, nothing is left to do. */
  dismiss(): void;
}

/** Waits on its standard input: a word means that all is well, its end that the writer has died. */
const WATCH = 'read -r word && exit 0; exec "$@"';

/**
 * Runs a command when this process dies, however it does: a Raspberry Pi's kernel keeps an output's level then. The
 * watcher is a shell of its own session, so that a Ctrl-C or a hang-up does not end it first.
 */
export function startOutputsGuard(command: readonly string[]): OutputsGuard {
  const guard = spawn('/bin/sh', ['-c', WATCH, 'fevergate-guard', ...command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return { dismiss: () => void guard.stdin.end('safe\n') };
}
