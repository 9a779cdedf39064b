import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { showOutputs } from '../feedback/outputs-show.ts';
import { DeviceError } from '../io/linux/device-error.ts';
import { type LinuxLines, openLinuxLines } from '../io/linux/gate-lines.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { stopOnSignals } from './stop-on-signals.ts';

type Flags = Readonly<{ config?: string }>;

/** A process that has just died holds its lines for a moment longer. */
const BUSY_RETRIES = 20;
const BUSY_RETRY_MS = 100;

/** `fevergate lines`: the lamps and the buzzer by themselves. */
export function linesCommand(): Command {
  const command = new Command('lines').description('switch the lamps and the buzzer off, or try them out');
  const withConfig = (name: string): Command =>
    command
      .command(name)
      .option('--config <file>', 'configuration of the gate (default: the built-in defaults)');
  withConfig('safe')
    .description('switch everything off, as after a crash of the gate')
    .action(async ({ config }: Flags) => {
      const lines = await openWhenFree(config);
      lines.close();
    });
  withConfig('test')
    .description('light every lamp and sound the buzzer, one after the other')
    .action(async ({ config }: Flags) => {
      const abort = stopOnSignals();
      const lines = await openLinuxLines(await loadConfig(config ?? null));
      try {
        const say = (what: string): void => void process.stdout.write(`${what}\n`);
        await showOutputs(lines, createSystemClock(), say, abort);
      } finally {
        lines.close();
      }
    });
  return command;
}

async function openWhenFree(file: string | undefined): Promise<LinuxLines> {
  const config = await loadConfig(file ?? null);
  for (let retry = 0; ; retry++) {
    try {
      return await openLinuxLines(config);
    } catch (error) {
      const busy = error instanceof DeviceError && error.code === 'line-busy';
      if (!busy || retry === BUSY_RETRIES) throw error;
      await sleep(BUSY_RETRY_MS);
    }
  }
}
