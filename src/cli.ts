#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { CommandError } from './commands/command-error.ts';
import { configCommand } from './commands/config.ts';
import { decodeCommand } from './commands/decode.ts';
import { detectCommand } from './commands/detect.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { linesCommand } from './commands/lines.ts';
import { recordCommand } from './commands/record.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { sensorCommand } from './commands/sensor.ts';
import { signalsCommand } from './commands/signals.ts';
import { simulateCommand } from './commands/simulate.ts';
import { ConfigError } from './config/config-error.ts';
import { DeviceError } from './io/linux/device-error.ts';
import { StoreError } from './io/store/store-error.ts';
import { VisionError } from './io/tfjs/vision-error.ts';
import { CameraError } from './ports/camera.ts';
import { I2cError } from './ports/i2c-bus.ts';
import { SensorError } from './thermal/mlx90640/sensor-error.ts';

/** What can go wrong outside the program: files, disks, sensors. Their messages say what to mend. */
const EXPECTED = [
  ConfigError,
  DeviceError,
  CameraError,
  I2cError,
  StoreError,
  SensorError,
  VisionError,
] as const;

const program = new Command('fevergate')
  .description(
    'A fever-screening gate: face surface temperature and mask, answered by light and sound. Not a medical device.',
  )
  .showHelpAfterError('(see fevergate --help)')
  .addCommand(runCommand())
  .addCommand(simulateCommand())
  .addCommand(recordCommand())
  .addCommand(replayCommand())
  .addCommand(decodeCommand())
  .addCommand(detectCommand())
  .addCommand(evaluateCommand())
  .addCommand(doctorCommand())
  .addCommand(linesCommand())
  .addCommand(sensorCommand())
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
  const { message, exitCode } = told(error);
  process.stderr.write(`${message}\n`);
  return exitCode;
}

function told(error: unknown): Readonly<{ message: string; exitCode: number }> {
  if (error instanceof CommandError)
    return { message: `fevergate: ${error.message}`, exitCode: error.exitCode };
  if (EXPECTED.some((kind) => error instanceof kind)) {
    return { message: `fevergate: ${(error as Error).message}`, exitCode: 1 };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 70 };
}
