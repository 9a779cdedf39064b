import { createHash } from 'node:crypto';
import { Command, Option } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { showConfig } from '../config/show.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { publishFile } from '../io/store/export-file.ts';
import { readVisits } from '../io/store/read-visits.ts';
import { registrationFiles } from '../io/store/registration-files.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import { type Backup, type BackupParts, backupText } from '../records/backup.ts';
import { keptSensorsText } from '../records/kept-sensor.ts';
import { isoSeconds, type StoredVisit } from '../records/stored-visit.ts';
import type { Language } from '../records/words.ts';
import { CommandError } from './command-error.ts';
import { checkOut } from './records/hand-over.ts';
import { askReasons, type ReasonFlags, withReasons } from './records/reasons.ts';
import { softwareVersion } from './software-version.ts';

type Flags = ReasonFlags & Readonly<{ config?: string; withRecords?: true; force?: true; lang: Language }>;

/** `fevergate backup`: what makes another device the same gate. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('write configuration and calibration to one file; no secret, and no record unless asked for')
    .argument('<file>', 'file to write')
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--with-records', 'visits too, without photos: that is a hand-over, and told as one')
    .option('--force', 'replace a file of that name')
    .addOption(new Option('--lang <language>', 'of questions').choices(['ko', 'en']).default('en'));
  return withReasons(command).action(async (file: string, flags: Flags) => {
    const config = await loadConfig(flags.config ?? null);
    await checkOut({ out: file, ...(flags.force ? { force: true as const } : {}) });
    const parts = await settingsOf(config);
    const clock = createSystemClock();
    const backup: Backup = {
      time: isoSeconds(clock.wallTime().unixMs),
      software: `fevergate ${await softwareVersion()}`,
      parts,
    };
    const written = flags.withRecords ? await withVisits(backup, config, flags) : backupText(backup);
    await publishFile(file, Buffer.from(written), flags.force ?? false);
    process.stdout.write(`${file}: ${Object.keys(parts).join(', ')}${flags.withRecords ? ', visits' : ''}\n`);
  });
}

/** The effective configuration, whose comments may have said anything, the images of the sensors, and the registration. */
async function settingsOf(config: Config): Promise<BackupParts> {
  const { directory } = config.records;
  const images = (await openSensorImages(directory)).all();
  const registration = await registrationFiles(directory).readCalibration();
  if (registration.kind === 'damaged') {
    throw new CommandError(`${registration.file}: is damaged; fevergate calibrate forget, then again`);
  }
  return {
    configuration: showConfig(config, {}),
    ...(images.size === 0 ? {} : { 'sensor-images': keptSensorsText(images) }),
    ...(registration.kind === 'kept' && { registration: JSON.stringify(registration.value) }),
  };
}

/** Tells the audit trail before anything is on disk. */
async function withVisits(backup: Backup, config: Config, flags: Flags): Promise<string> {
  const { directory } = config.records;
  const visits = await readVisits(directory);
  const [first, last] = [visits[0], visits.at(-1)];
  if (first === undefined || last === undefined) throw new CommandError(`${directory}: no visit is kept`);
  const reasons = await askReasons(flags, flags.lang);
  const text = backupText({ ...backup, parts: { ...backup.parts, visits: linesOf(visits) } });
  const clock = createSystemClock();
  const trail = await openAuditTrail(directory, () => clock.wallTime());
  await trail.append({
    event: 'export',
    ...reasons,
    range: `visits ${first.number} to ${last.number}: all, in a backup`,
    format: 'backup',
    visits: visits.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  return text;
}

function linesOf(visits: readonly StoredVisit[]): string {
  return visits.map((visit) => `${JSON.stringify(visit)}\n`).join('');
}
