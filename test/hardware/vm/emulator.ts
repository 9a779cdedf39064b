import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 300;
const SHOWN_OF_LOGS = 4000;

/** A machine that QEMU emulates. */
export interface Emulator {
  /** Waits until `found` gives something. @throws Error with the machine's last words */
  until<T>(what: string, withinMs: number, found: () => T | Absent): Promise<T>;
  /** As a pulled plug. */
  cutPower(): Promise<void>;
}

type Absent = null | undefined | '' | false;

/**
 * Starts QEMU, and ends it with this process.
 * @param lastWords told where something is waited for in vain
 */
export function startEmulator(
  program: string,
  args: readonly string[],
  lastWords: () => readonly string[],
): Emulator {
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    async until(what, withinMs, found) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const value = found();
        if (value !== null && value !== undefined && value !== '' && value !== false) return value;
        if (hasEnded() || performance.now() > deadline) {
          const words = lastWords().map((text) => text.slice(-SHOWN_OF_LOGS));
          throw new Error(`${hasEnded() ? 'ended' : 'waited in vain'} before ${what}\n${words.join('\n')}`);
        }
        await sleep(LOOK_MS);
      }
    },
    async cutPower() {
      if (!hasEnded()) kill();
      await ended;
      process.off('exit', kill);
    },
  };
}
