import { Command, InvalidArgumentError, Option } from 'commander';

/** What `simulate` and `record` have in common. */
export type SimulationFlags = Readonly<{
  visits: number;
  seed: number;
  speed: 'real' | 'max';
  scenario?: string;
  config?: string;
  eeprom?: string;
  faces?: string;
  records?: string;
  broker?: string;
}>;

const DEFAULT_VISITS = 20;

/** A subcommand with the options of a simulated gate. */
export function simulationCommand(name: string): Command {
  return new Command(name)
    .option('--visits <n>', 'simulated visitors, masks and fevers mixed', positiveInteger, DEFAULT_VISITS)
    .option('--seed <s>', 'the same seed gives the same run', integer, 1)
    .addOption(
      new Option('--speed <speed>', 'real: a second takes a second; max: as fast as this machine can')
        .choices(['real', 'max'])
        .default(process.stderr.isTTY ? 'real' : 'max', 'real on a terminal, else max'),
    )
    .option('--scenario <file>', 'visitors from a scenario file instead of --visits')
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option(
      '--eeprom <file>',
      'EEPROM dump of a real sensor, JSON {"eeprom": [832 words]} (default: generated)',
    )
    .option('--faces <dir>', 'photos instead of drawn faces: DIR/mask and DIR/no-mask')
    .option('--records <dir>', 'keep the records there (default: a temporary folder, removed at the end)')
    .option('--broker <url>', 'send alerts to this MQTT broker (default: the configured or an embedded one)');
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number is needed.');
  return value;
}

function positiveInteger(text: string): number {
  const value = integer(text);
  if (value < 1) throw new InvalidArgumentError('at least 1 is needed.');
  return value;
}
