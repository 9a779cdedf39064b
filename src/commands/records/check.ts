import { type Command, InvalidArgumentError, Option } from 'commander';
import { createSystemClock } from '../../io/linux/system-clock.ts';
import { openAuditTrail } from '../../io/store/audit-file.ts';
import { enterCheck } from '../../io/store/change-visits.ts';
import { isoSeconds } from '../../records/stored-visit.ts';
import { visitNumberOf } from './numbers.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';
import { userName } from './user-name.ts';

type CheckFlags = PlaceFlags &
  Readonly<{ result: 'confirmed' | 'cleared'; temperature?: number; by: string }>;

/** `fevergate records check NUMBER`. */
export function addCheck(records: Command): void {
  const command = records
    .command('check')
    .description('enter what a certified thermometer said of an elevated or recheck visit');
  withPlace(command)
    .argument('<number>', 'visit number', visitNumberOf)
    .addOption(
      new Option('--result <result>', 'what came of it')
        .choices(['confirmed', 'cleared'])
        .makeOptionMandatory(),
    )
    .option('--temperature <degC>', 'what the certified thermometer showed', clinicalOf)
    .option('--by <who>', 'who checked', whoOf, userName())
    .action(enter);
}

async function enter(number: number, flags: CheckFlags): Promise<void> {
  const { directory } = await recordsPlace(flags);
  const clock = createSystemClock();
  const audit = await openAuditTrail(directory, () => clock.wallTime());
  const check = {
    result: flags.result,
    temperature_c: flags.temperature ?? null,
    time: isoSeconds(clock.wallTime().unixMs),
  };
  await enterCheck({ directory, audit }, number, check, flags.by);
  process.stdout.write(`visit No. ${number}: ${flags.result}\n`);
}

function clinicalOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 30 && value <= 45) return Math.round(value * 100) / 100;
  throw new InvalidArgumentError('30 to 45 degrees Celsius expected.');
}

function whoOf(text: string): string {
  const who = text.trim();
  if (who !== '' && who.length <= 100) return who;
  throw new InvalidArgumentError('a name of 1 to 100 characters expected.');
}
