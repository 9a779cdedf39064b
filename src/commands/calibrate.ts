import { Command, InvalidArgumentError } from 'commander';
import { headViewOf, mountOf } from '../app/gate-params.ts';
import type { Walk } from '../app/walk-watcher.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { registrationFiles } from '../io/store/registration-files.ts';
import { openQuestions } from '../io/terminal/ask.ts';
import { openCoverageView } from '../io/terminal/coverage-view.ts';
import { type Calibration, calibrate } from '../registration/calibration.ts';
import { CELL_FULL } from '../registration/guidance.ts';
import { drawCalibration } from './calibration-picture.ts';
import { calibrationJson, calibrationText, keptText } from './calibration-text.ts';
import { CommandError } from './command-error.ts';
import { keepCalibration } from './keep-calibration.ts';
import { loadRegistration } from './registration-in-force.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { type WalkOptions, watchRealWalk, watchSimulatedWalk } from './walk-before-gate.ts';

type Flags = Readonly<{
  config?: string;
  seconds: number;
  simulate?: number;
  out?: string;
  json?: true;
  yes?: true;
  records?: string;
}>;
type KeptFlags = Readonly<{ config?: string; records?: string; json?: true }>;

/** A refused calibration ends with this code: nothing was kept. */
const REFUSED = 2;

/** `fevergate calibrate`: where the thermal array sits against the camera, found by somebody walking before both. */
export function calibrateCommand(): Command {
  const command = new Command('calibrate').description(
    'find out where the thermal array sits, from somebody walking before the gate; show or forget what was found',
  );
  const withConfig = (name: string): Command =>
    command
      .command(name)
      .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
      .option('--records <dir>', 'folder of the records (default: the configured one)');
  withConfig('registration')
    .description('lead somebody near and far, left and right before the gate, and solve the mount from it')
    .option('--seconds <n>', 'longest time for the walk', secondsOf, 40)
    .option('--simulate <seed>', 'a simulated gate whose mount is off by up to 20 mm and 5 degrees', seedOf)
    .option('--out <picture>', 'draw what was found, PNG or SVG by its ending')
    .option('--json', 'print the result as JSON')
    .option('--yes', 'keep the result without asking')
    .addHelpText(
      'after',
      '\nStop the gate first. Ends with 2 when the walk was not enough; then nothing changes.',
    )
    .action(calibrateRegistration);
  withConfig('show')
    .description('print the kept calibration, whether it is in force, and what visitors have shown since')
    .option('--json', 'print it as JSON')
    .action(show);
  withConfig('forget')
    .description('remove the kept calibration: the configured mount counts again')
    .action(forget);
  return command;
}

async function calibrateRegistration(flags: Flags): Promise<void> {
  const config = await loadConfig(flags.config ?? null);
  const stream = process.stderr;
  const view = openCoverageView(stream);
  const options: WalkOptions = {
    config,
    seconds: flags.seconds,
    onProgress: ({ guidance, remainingS }) => view.draw({ ...guidance, full: CELL_FULL, remainingS }),
    abort: stopOnSignals(),
  };
  let walk: Walk;
  try {
    walk =
      flags.simulate === undefined
        ? await watchRealWalk(options, flags.config ?? null)
        : await watchSimulatedWalk(options, flags.simulate);
  } finally {
    view.close();
  }
  if (options.abort.aborted) throw new CommandError('stopped, nothing is kept');
  const result = calibrate(walk.pairs, mountOf(config), headViewOf(config));
  process.stdout.write(flags.json ? calibrationJson(result) : calibrationText(result, mountOf(config)));
  if (flags.out !== undefined) await drawCalibration(flags.out, walk, result, config);
  if (result.kind === 'refused') {
    process.exitCode = REFUSED;
    return;
  }
  await offerToKeep(result, config, flags);
}

async function offerToKeep(
  result: Extract<Calibration, { kind: 'solved' }>,
  config: Config,
  flags: Flags,
): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const isSimulated = flags.simulate !== undefined;
  if (isSimulated && flags.records === undefined) {
    say(
      'not kept: it is of a simulated gate (--records DIR keeps it for `fevergate simulate --records DIR`)',
    );
    return;
  }
  if (flags.yes !== true && !(await confirmed('keep this calibration? [y/N]'))) {
    say('not kept (--yes keeps it without asking)');
    return;
  }
  const directory = flags.records ?? config.records.directory;
  await keepCalibration(result, {
    config,
    directory,
    simulatedSeed: flags.simulate ?? null,
    audit: await openAuditTrail(directory),
  });
  say(`kept in ${directory}; it is in force from the gate's next start`);
}

async function show(flags: KeptFlags): Promise<void> {
  const config = await loadConfig(flags.config ?? null);
  const directory = flags.records ?? config.records.directory;
  const told: string[] = [];
  const tell = (fields: object, message: string): void =>
    void told.push(`${message} (${Object.values(fields).join(', ')})`);
  const registration = await loadRegistration(config, directory, {
    simulated: flags.records !== undefined,
    log: { info: tell, warn: tell, error: tell },
  });
  const read = await registrationFiles(directory).readCalibration();
  const kept = read.kind === 'kept' ? read.value : null;
  if (flags.json) {
    const { source, upkeep } = registration;
    const inForce = { source, mount: registration.config.mount, upkeep: upkeep.upkeep, notes: told };
    process.stdout.write(`${JSON.stringify({ kept, inForce }, null, 2)}\n`);
    return;
  }
  process.stdout.write(keptText(kept, registration, told));
}

async function forget(flags: KeptFlags): Promise<void> {
  const config = await loadConfig(flags.config ?? null);
  const directory = flags.records ?? config.records.directory;
  await registrationFiles(directory).forget();
  process.stdout.write(
    `${directory}: no calibration is kept; the configured mount counts from the next start\n`,
  );
}

function secondsOf(text: string): number {
  const value = Number(text);
  if (!(value >= 10 && value <= 600)) throw new InvalidArgumentError('10 to 600 seconds.');
  return value;
}

function seedOf(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number is needed.');
  return value;
}

/** No where there is no terminal to ask on. */
async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const questions = openQuestions();
  try {
    return await questions.confirm(question);
  } finally {
    questions.close();
  }
}
