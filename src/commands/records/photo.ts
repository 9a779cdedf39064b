import type { Command } from 'commander';
import { readPhoto } from '../../io/store/read-photo.ts';
import { readVisits } from '../../io/store/read-visits.ts';
import { CommandError } from '../command-error.ts';
import { checkOut, type ExportFile, handOver } from './hand-over.ts';
import { visitNumberOf } from './numbers.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';
import { askReasons, type ReasonFlags, withReasons } from './reasons.ts';
import { visitIn } from './show.ts';

type PhotoFlags = PlaceFlags & ReasonFlags & ExportFile;

/** `fevergate records photo NUMBER`. */
export function addPhoto(records: Command): void {
  const command = records
    .command('photo')
    .description(
      'hand over the sealed photo of a visit; only the operator’s key opens it: age -d -i KEY FILE',
    );
  withReasons(withPlace(command))
    .argument('<number>', 'visit number', visitNumberOf)
    .requiredOption('--out <file>', 'age file to write; its manifest goes to FILE.manifest.json')
    .option('--force', 'replace a file of that name')
    .action(handOverPhoto);
}

async function handOverPhoto(number: number, flags: PhotoFlags): Promise<void> {
  const place = await recordsPlace(flags);
  await checkOut(flags);
  const visit = visitIn(await readVisits(place.directory), number);
  const content = await readPhoto(place.directory, number);
  if (content === null) throw new CommandError(`visit ${number} is kept without a photo`);
  const reasons = await askReasons(flags, flags.lang);
  const selection = `photo of visit ${number}`;
  const { sha256 } = await handOver(place, flags, {
    format: 'age',
    content,
    visits: [visit],
    selection,
    reasons,
  });
  process.stdout.write(`${flags.out}: sealed photo of visit No. ${number}, SHA-256 ${sha256}\n`);
}
