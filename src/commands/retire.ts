import { stat, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { destroyFile } from '../io/store/destroy-file.ts';
import { isStoreInUse } from '../io/store/lock.ts';
import { readAlerts } from '../io/store/read-alerts.ts';
import { countPhotos, readVisits } from '../io/store/read-visits.ts';
import { retireRecords } from '../io/store/retire-records.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import { asStoreError, errnoOf, StoreError } from '../io/store/store-error.ts';
import { openQuestions } from '../io/terminal/ask.ts';
import { openProgressBar } from '../io/terminal/progress-bar.ts';
import { type CertificateFacts, certificateOf } from '../notice/documents/certificate.ts';
import { markdownOf } from '../notice/markdown.ts';
import type { Language } from '../notice/page.ts';
import { isoSeconds } from '../records/stored-visit.ts';
import { CommandError } from './command-error.ts';
import { pagePdf } from './notice/page-pdf.ts';
import { softwareVersion } from './software-version.ts';

type Flags = Readonly<{ config?: string; yes?: true; keepPassword?: true; lang: Language; out?: string }>;

/** `fevergate retire`: destroys everything a gate has kept, before the device leaves the house. */
export function retireCommand(): Command {
  return new Command('retire')
    .description('destroy records, photos, waiting alerts, calibration and audit trail; print a certificate')
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--yes', 'ask nothing; destroys the file of the broker’s password too')
    .option('--keep-password', 'leave the file of the broker’s password')
    .addOption(new Option('--lang <language>', 'of the certificate').choices(['ko', 'en']).default('en'))
    .option('--out <file>', 'write the certificate as PDF too')
    .addHelpText('after', '\nNothing brings it back. The gate must be stopped.')
    .action(async (flags: Flags) => {
      const config = await loadConfig(flags.config ?? null);
      await retire(config, flags);
    });
}

async function retire(config: Config, flags: Flags): Promise<void> {
  const { directory } = config.records;
  if (await isStoreInUse(directory)) throw new CommandError(`${directory}: a gate runs here; stop it first`);
  const { passwordFile } = config.alerts.mqtt;
  const withPassword = await confirmed(directory, passwordFile, flags);
  const held = await heldIn(directory);
  const clock = createSystemClock();
  const audit = await openAuditTrail(directory, () => clock.wallTime());
  const bar = openProgressBar(process.stderr);
  const retired = await retireRecords({ directory, audit }, (done, all) =>
    bar.show(`${done} / ${all} files`, done / all),
  );
  bar.clear();
  const passwordDestroyed =
    passwordFile === null ? null : withPassword && (await destroyPassword(passwordFile));
  const facts: CertificateFacts = {
    at: isoSeconds(clock.wallTime().unixMs),
    softwareVersion: await softwareVersion(),
    gate: { site: config.gate.site, name: config.gate.name },
    ...held,
    files: Object.values(retired.files).reduce((sum, count) => sum + count, 0),
    bytes: retired.bytes,
    passwordDestroyed,
    audit: retired.audit,
    left: retired.left,
  };
  const page = certificateOf(facts, flags.lang);
  process.stdout.write(markdownOf(page));
  if (flags.out !== undefined) await writeCertificate(flags.out, (await pagePdf(page)).bytes);
}

/**
 * Asks on a terminal.
 * @returns whether the password's file goes too
 */
async function confirmed(
  directory: string,
  passwordFile: string | null,
  { yes, keepPassword }: Flags,
): Promise<boolean> {
  if (yes) return !keepPassword;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CommandError('retiring destroys everything kept; say --yes where nobody can be asked');
  }
  const questions = openQuestions();
  try {
    if (
      !(await questions.confirm(`Destroy everything kept in ${directory}? Nothing brings it back. [y/N]`))
    ) {
      throw new CommandError('nothing was destroyed');
    }
    if (passwordFile === null || keepPassword) return false;
    return await questions.confirm(`Destroy ${passwordFile}, the broker’s password, too? [y/N]`);
  } finally {
    questions.close();
  }
}

/** What is about to be destroyed; a file that cannot be read any more counts as none, and is destroyed all the same. */
async function heldIn(
  directory: string,
): Promise<Pick<CertificateFacts, 'visits' | 'photos' | 'alerts' | 'sensorImages'>> {
  const { waiting, stray } = await readAlerts(directory);
  const sensorImages = await openSensorImages(directory).then(
    (images) => images.all().size,
    (error: unknown) => {
      if (error instanceof StoreError && error.code === 'malformed') return 0;
      throw error;
    },
  );
  const visits = (await readVisits(directory)).length;
  return {
    visits,
    photos: await countPhotos(directory),
    alerts: waiting.length + stray.length,
    sensorImages,
  };
}

async function destroyPassword(file: string): Promise<boolean> {
  await destroyFile(file).catch(async (error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return;
    // Its name stays where its folder may not be written.
    const emptied = await stat(file).then(({ size }) => size === 0);
    if (!emptied) throw asStoreError(error, `destroying ${file}`);
  });
  return true;
}

async function writeCertificate(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes).catch((error: unknown) => {
    throw new CommandError(`--out ${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
}
