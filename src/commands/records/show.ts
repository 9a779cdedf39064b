import type { Command } from 'commander';
import { readVisits } from '../../io/store/read-visits.ts';
import { visitsTable } from '../../io/terminal/visits-table.ts';
import type { StoredVisit } from '../../records/stored-visit.ts';
import { CommandError } from '../command-error.ts';
import { adviseCheck } from './advice.ts';
import { visitNumberOf } from './numbers.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';

/** `fevergate records show NUMBER`. */
export function addShow(records: Command): void {
  withPlace(records.command('show').description('show one visit'))
    .argument('<number>', 'visit number, as the visitor was shown it', visitNumberOf)
    .option('--json', 'as JSON, as kept')
    .action(async (number: number, flags: PlaceFlags & Readonly<{ json?: true }>) => {
      const { directory } = await recordsPlace(flags);
      const visit = visitIn(await readVisits(directory), number);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(visit, null, 2)}\n`
          : visitsTable([visit], flags.lang, process.stdout.isTTY),
      );
      if (!flags.json) adviseCheck([visit], flags.lang);
    });
}

/** @throws CommandError when it is not kept */
export function visitIn(visits: readonly StoredVisit[], number: number): StoredVisit {
  const visit = visits.find((one) => one.number === number);
  if (visit !== undefined) return visit;
  const first = visits[0]?.number;
  const kept = first === undefined ? 'none is' : `visits ${first} to ${visits.at(-1)?.number} are`;
  throw new CommandError(`visit ${number} is not kept (${kept})`);
}
