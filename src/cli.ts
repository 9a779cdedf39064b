#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { CommandError } from './commands/command-error.ts';
import { configCommand } from './commands/config.ts';
import { decodeCommand } from './commands/decode.ts';
import { detectCommand } from './commands/detect.ts';
import { recordCommand } from './commands/record.ts';
import { replayCommand } from './commands/replay.ts';
import { signalsCommand } from './commands/signals.ts';
import { simulateCommand } from './commands/simulate.ts';

const program = new Command('fevergate')
  .description(
    'A fever-screening gate: face surface temperature and mask, answered by light and sound. Not a medical device.',
  )
  .showHelpAfterError('(see fevergate --help)')
  .addCommand(simulateCommand())
  .addCommand(recordCommand())
  .addCommand(replayCommand())
  .addCommand(decodeCommand())
  .addCommand(detectCommand())
  .addCommand(signalsCommand())
  .addCommand(configCommand());

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Failures a user can act on are told in one line; anything else is a bug and keeps its stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof CommandError) {
    process.stderr.write(`fevergate: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 70;
}
