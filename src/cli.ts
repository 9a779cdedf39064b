#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { CommandError } from './commands/command-error.ts';
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

/** In the order of the help. Only the command that is asked for is loaded, so that a look-up begins at once. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map(
  Object.entries({
    run: async () => (await import('./commands/run.ts')).runCommand(),
    simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
    record: async () => (await import('./commands/record.ts')).recordCommand(),
    records: async () => (await import('./commands/records.ts')).recordsCommand(),
    replay: async () => (await import('./commands/replay.ts')).replayCommand(),
    decode: async () => (await import('./commands/decode.ts')).decodeCommand(),
    detect: async () => (await import('./commands/detect.ts')).detectCommand(),
    evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
    doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
    keygen: async () => (await import('./commands/keygen.ts')).keygenCommand(),
    calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand(),
    lines: async () => (await import('./commands/lines.ts')).linesCommand(),
    sensor: async () => (await import('./commands/sensor.ts')).sensorCommand(),
    signals: async () => (await import('./commands/signals.ts')).signalsCommand(),
    network: async () => (await import('./commands/network.ts')).networkCommand(),
    alerts: async () => (await import('./commands/alerts.ts')).alertsCommand(),
    notice: async () => (await import('./commands/notice.ts')).noticeCommand(),
    backup: async () => (await import('./commands/backup.ts')).backupCommand(),
    restore: async () => (await import('./commands/restore.ts')).restoreCommand(),
    retire: async () => (await import('./commands/retire.ts')).retireCommand(),
    'support-bundle': async () => (await import('./commands/support-bundle.ts')).supportBundleCommand(),
    config: async () => (await import('./commands/config.ts')).configCommand(),
  }),
);

const program = new Command('fevergate')
  .description(
    'A fever-screening gate: face surface temperature and mask, answered by light and sound. Not a medical device.',
  )
  .showHelpAfterError('(see fevergate --help)');

const asked = COMMANDS.get(process.argv[2] ?? '');
for (const load of asked === undefined ? COMMANDS.values() : [asked]) program.addCommand(await load());

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
