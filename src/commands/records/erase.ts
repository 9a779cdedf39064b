import { type Command, Option } from 'commander';
import { createSystemClock } from '../../io/linux/system-clock.ts';
import { openAuditTrail } from '../../io/store/audit-file.ts';
import { eraseVisits } from '../../io/store/change-visits.ts';
import { readVisits } from '../../io/store/read-visits.ts';
import { openQuestions } from '../../io/terminal/ask.ts';
import { type NumberRange, numbersText, rangesOf, selectVisits } from '../../records/selection.ts';
import type { StoredVisit } from '../../records/stored-visit.ts';
import type { Language } from '../../records/words.ts';
import { CommandError } from '../command-error.ts';
import { selectionOf, TIMES_HELP, type WindowFlags, withNumbers, withWindow } from './choose.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';

type EraseFlags = PlaceFlags & WindowFlags & Readonly<{ by: 'visitor' | 'operator'; yes?: true }>;

const QUESTION: Readonly<Record<Language, string>> = {
  en: 'They cannot be brought back. Erase them? [y/N]',
  ko: '되돌릴 수 없습니다. 삭제할까요? [y/N]',
};

/** `fevergate records erase`. */
export function addErase(records: Command): void {
  const command = records
    .command('erase')
    .description('delete visits for good, each with its photo and the alert still waiting for it');
  withWindow(withNumbers(withPlace(command)))
    .addOption(
      new Option('--by <whom>', 'at whose wish').choices(['visitor', 'operator']).default('operator'),
    )
    .option('--yes', 'do not ask')
    .addHelpText('after', TIMES_HELP)
    .action(erase);
}

async function erase(numbers: readonly NumberRange[], flags: EraseFlags): Promise<void> {
  if (numbers.length === 0 && flags.from === undefined && flags.to === undefined)
    throw new CommandError('say which visits to erase: numbers, or a time window by --from and --to');
  const { directory } = await recordsPlace(flags);
  const visits = selectVisits(await readVisits(directory), selectionOf(flags, numbers));
  if (visits.length === 0) throw new CommandError('no visit is kept that was asked for: nothing was erased');
  if (!flags.yes) await confirmed(visits, flags.lang);
  const clock = createSystemClock();
  const audit = await openAuditTrail(directory, () => clock.wallTime());
  const { erased } = await eraseVisits(
    { directory, audit },
    visits.map(({ number }) => number),
    flags.by,
  );
  process.stdout.write(`${erased} visits erased\n`);
}

/** @throws CommandError unless somebody says yes */
async function confirmed(visits: readonly StoredVisit[], language: Language): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new CommandError(
      `${visits.length} visits would be erased; nobody can be asked here, --yes does it`,
    );
  process.stderr.write(`${visits.length} visits: No. ${numbersText(rangesOf(visits))}\n`);
  const questions = openQuestions();
  const yes = await questions.confirm(QUESTION[language]).catch(() => false);
  questions.close();
  if (!yes) throw new CommandError('nothing was erased');
}
