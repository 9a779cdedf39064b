import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { runRealGate } from './real-gate.ts';
import { promptPrinter } from './simulation-observer.ts';
import { stopOnSignals } from './stop-on-signals.ts';

/** `fevergate run`: the gate on this machine's sensor, camera, lamps and buzzer. */
export function runCommand(): Command {
  return new Command('run')
    .description('run the gate on this machine: thermal array, camera, lamps and buzzer, until it is stopped')
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--prompts', 'print every change of light and sound to stderr')
    .addHelpText('after', '\n`fevergate doctor` checks the hardware first.')
    .action(async ({ config: file, prompts }: { config?: string; prompts?: true }) => {
      const abort = stopOnSignals();
      const configFile = file ?? null;
      await runRealGate({
        config: await loadConfig(configFile),
        configFile,
        observer: prompts ? promptPrinter() : {},
        abort,
      });
    });
}
