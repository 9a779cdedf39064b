import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parseConfig } from '../config/load.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { publishFile } from '../io/store/export-file.ts';
import { isStoreInUse } from '../io/store/lock.ts';
import { registrationFiles } from '../io/store/registration-files.ts';
import { restoreVisits } from '../io/store/restore-visits.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import { type Backup, parseBackup } from '../records/backup.ts';
import { type KeptRegistration, parseKeptRegistration } from '../records/kept-registration.ts';
import { imagesOf } from '../records/kept-sensor.ts';
import { parseStoredVisit, type StoredVisit } from '../records/stored-visit.ts';
import { CommandError } from './command-error.ts';
import { auditedImages } from './gate-audit.ts';

type Flags = Readonly<{ config: string; records?: string; force?: true }>;

/** `fevergate restore`: makes this device the gate of a backup. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description(
      'check a backup and write its configuration and calibration, and its visits where it has some',
    )
    .argument('<file>', 'a file that fevergate backup wrote')
    .requiredOption('--config <file>', 'where the configuration is written')
    .option('--records <folder>', 'folder of the records (default: what that configuration says)')
    .option('--force', 'replace a configuration that is there')
    .action(async (file: string, flags: Flags) => {
      const checked = await check(file, flags);
      if (await isStoreInUse(checked.directory)) {
        throw new CommandError(`${checked.directory}: a gate runs here; stop it first`);
      }
      // The visits first: they alone may be refused, by visits already there.
      if (checked.visits.length > 0) await restoreVisits(checked.directory, checked.visits);
      await restoreImages(checked);
      await restoreRegistration(checked);
      await publishFile(flags.config, Buffer.from(checked.configuration), flags.force ?? false);
      process.stdout.write(
        `${flags.config}: configuration of ${checked.time}; ${checked.directory}: ${checked.images.size} sensor images, ${checked.visits.length} visits\n`,
      );
    });
}

type Checked = Readonly<{
  time: string;
  configuration: string;
  directory: string;
  images: ReadonlyMap<string, Uint16Array>;
  registration: KeptRegistration | null;
  visits: readonly StoredVisit[];
}>;

/** Everything in a backup is checked before anything is written. */
async function check(file: string, flags: Flags): Promise<Checked> {
  const { time, parts } = await read(file);
  const { configuration } = parts;
  if (configuration === undefined) throw new CommandError(`${file}: has no configuration`);
  const config = parseConfig(configuration, `${file}: configuration`);
  const images =
    parts['sensor-images'] === undefined ? new Map<string, Uint16Array>() : imagesOf(parts['sensor-images']);
  if (images === null) throw new CommandError(`${file}: its sensor images are not what a gate keeps`);
  const registration = parts.registration === undefined ? null : parseKeptRegistration(parts.registration);
  if (parts.registration !== undefined && registration === null) {
    throw new CommandError(`${file}: its registration is not what a gate keeps`);
  }
  const visits = visitsOf(parts.visits ?? '');
  if (visits === null) throw new CommandError(`${file}: its visits are not what a gate keeps`);
  const directory = flags.records ?? config.records.directory;
  return { time, configuration, directory, images, registration, visits };
}

async function read(file: string): Promise<Backup> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const parsed = parseBackup(text);
  if (!parsed.ok) throw new CommandError(`${file}: ${parsed.wrong}; nothing was written`);
  return parsed.backup;
}

async function restoreImages({ directory, images }: Checked): Promise<void> {
  if (images.size === 0) return;
  const clock = createSystemClock();
  const trail = await openAuditTrail(directory, () => clock.wallTime());
  const kept = auditedImages(await openSensorImages(directory), trail);
  for (const [id, eeprom] of images) await kept.accept(id, eeprom);
}

async function restoreRegistration({ directory, registration }: Checked): Promise<void> {
  if (registration === null) return;
  const clock = createSystemClock();
  const trail = await openAuditTrail(directory, () => clock.wallTime());
  const detail = `from a backup, kept at ${registration.keptAt}`;
  await trail.append({ event: 'calibration', what: 'registration', detail });
  await registrationFiles(directory).keepCalibration(registration);
}

/** Visits by rising number; null when a line is none. */
function visitsOf(lines: string): readonly StoredVisit[] | null {
  const visits: StoredVisit[] = [];
  for (const line of lines.split('\n').slice(0, -1)) {
    const visit = parseStoredVisit(line);
    if (visit === null || visit.number <= (visits.at(-1)?.number ?? 0)) return null;
    visits.push(visit);
  }
  return visits;
}
