import { type Command, Option } from 'commander';
import { readVisits } from '../../io/store/read-visits.ts';
import { openProgressBar } from '../../io/terminal/progress-bar.ts';
import { CSV_HEADER, csvOfVisit } from '../../records/csv.ts';
import { type NumberRange, selectVisits } from '../../records/selection.ts';
import { isoSeconds, type StoredVisit } from '../../records/stored-visit.ts';
import { CommandError } from '../command-error.ts';
import { softwareVersion } from '../software-version.ts';
import { type ChoiceFlags, selectionOf, selectionText, withChoice } from './choose.ts';
import { checkOut, type ExportFile, handOver } from './hand-over.ts';
import type { DocumentFacts } from './pdf-export.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';
import { askReasons, type ReasonFlags, withReasons } from './reasons.ts';

type Format = 'csv' | 'jsonl' | 'pdf';
type ExportFlags = PlaceFlags & ChoiceFlags & ReasonFlags & ExportFile & Readonly<{ format: Format }>;

/** Visits between two looks at the progress bar. */
const STEP = 500;

/** `fevergate records export`. */
export function addExport(records: Command): void {
  const command = records
    .command('export')
    .description('hand visits over: a file, its manifest, and an entry in the audit trail');
  withReasons(withChoice(withPlace(command)))
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'jsonl', 'pdf']).default('csv'))
    .requiredOption('--out <file>', 'file to write; its manifest goes to FILE.manifest.json')
    .option('--force', 'replace a file of that name')
    .action(exportVisits);
}

async function exportVisits(numbers: readonly NumberRange[], flags: ExportFlags): Promise<void> {
  const place = await recordsPlace(flags);
  await checkOut(flags);
  const selection = selectionOf(flags, numbers);
  const visits = selectVisits(await readVisits(place.directory), selection);
  const asked = selectionText(flags, numbers);
  if (visits.length === 0) throw new CommandError(`no visit is kept that was asked for: ${asked}`);
  const reasons = await askReasons(flags, flags.lang);
  const bar = openProgressBar(process.stderr);
  const written = (count: number): void => {
    if (count % STEP === 0) bar.show(`${count} / ${visits.length}`, count / visits.length);
  };
  const { gate } = place.config;
  const facts = {
    gate: `${gate.site}/${gate.name}`,
    software: `fevergate ${await softwareVersion()}`,
    time: isoSeconds(Date.now()),
    selection: asked,
    reasons,
  };
  const content = await contentOf(flags, visits, facts, written);
  bar.clear();
  const { format } = flags;
  const handed = { format, content, visits, selection: asked, reasons };
  const { sha256 } = await handOver(place, flags, handed);
  process.stdout.write(`${flags.out}: ${visits.length} visits, SHA-256 ${sha256}\n`);
}

async function contentOf(
  { format, lang }: Pick<ExportFlags, 'format' | 'lang'>,
  visits: readonly StoredVisit[],
  facts: DocumentFacts,
  written: (count: number) => void,
): Promise<Uint8Array> {
  switch (format) {
    case 'csv':
      return Buffer.from(CSV_HEADER + linesOf(visits, csvOfVisit, written));
    case 'jsonl':
      return Buffer.from(linesOf(visits, (visit) => `${JSON.stringify(visit)}\n`, written));
    case 'pdf': {
      // Its library takes longer to load than a CSV file to write.
      const { pdfOf } = await import('./pdf-export.ts');
      return pdfOf(visits, facts, lang, written);
    }
  }
}

function linesOf(
  visits: readonly StoredVisit[],
  lineOf: (visit: StoredVisit) => string,
  written: (count: number) => void,
): string {
  const lines: string[] = [];
  for (const visit of visits) written(lines.push(lineOf(visit)));
  return lines.join('');
}
