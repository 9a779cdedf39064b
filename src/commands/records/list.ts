import type { Command } from 'commander';
import { readVisits } from '../../io/store/read-visits.ts';
import { visitsTable } from '../../io/terminal/visits-table.ts';
import type { NumberRange } from '../../records/selection.ts';
import { selectVisits } from '../../records/selection.ts';
import { adviseCheck } from './advice.ts';
import { type ChoiceFlags, selectionOf, withChoice } from './choose.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';

type ListFlags = PlaceFlags & ChoiceFlags & Readonly<{ json?: true }>;

/** Visits that a table shows when none are asked for. */
const SHOWN_UNASKED = 50;

/** `fevergate records list`. */
export function addList(records: Command): void {
  withChoice(withPlace(records.command('list').description('show visits, oldest first')))
    .option('--json', 'one JSON line a visit, as kept')
    .action(list);
}

async function list(numbers: readonly NumberRange[], flags: ListFlags): Promise<void> {
  const { directory } = await recordsPlace(flags);
  const selection = selectionOf(flags, numbers);
  const visits = selectVisits(await readVisits(directory), selection);
  if (flags.json) {
    process.stdout.write(visits.map((visit) => `${JSON.stringify(visit)}\n`).join(''));
    return;
  }
  const unasked = Object.values(selection).every((part) => part === null);
  const shown = unasked ? visits.slice(-SHOWN_UNASKED) : visits;
  process.stdout.write(visitsTable(shown, flags.lang, process.stdout.isTTY));
  adviseCheck(shown, flags.lang);
  if (shown.length < visits.length)
    process.stderr.write(`the newest ${shown.length} of ${visits.length}; --from, --class, --last choose\n`);
}
