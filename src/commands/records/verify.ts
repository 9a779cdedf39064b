import type { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { verifyExport } from '../../io/store/verify-export.ts';
import { type Verified, verifyRecords } from '../../io/store/verify-records.ts';
import { findingText } from '../../io/terminal/findings-table.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';

type VerifyFlags = PlaceFlags & Readonly<{ manifest?: string; json?: true }>;

/** `fevergate records verify`. */
export function addVerify(records: Command): void {
  withPlace(
    records
      .command('verify')
      .description('prove that audit trail and records are whole, or name the first thing that is not'),
  )
    .option('--manifest <file>', 'verify an exported file by its manifest instead')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nEnds with 1 when something is broken, with 0 otherwise.')
    .action(async (flags: VerifyFlags) => {
      const verified = await verify(flags);
      const whole = verified.every((one) => one.whole);
      if (flags.json) process.stdout.write(`${JSON.stringify({ whole, verified }, null, 2)}\n`);
      else process.stdout.write(verified.map((one) => `${textOf(one)}\n`).join(''));
      process.exitCode = whole ? 0 : 1;
    });
}

async function verify(flags: VerifyFlags): Promise<readonly Verified[]> {
  if (flags.manifest === undefined) {
    const { config, directory } = await recordsPlace(flags);
    return verifyRecords(directory, config.records.capVisits);
  }
  const config = await loadConfig(flags.config ?? null);
  return [await verifyExport(flags.manifest, flags.records ?? config.records.directory)];
}

function textOf({ what, whole, found }: Verified): string {
  const status = whole ? 'ok' : 'failed';
  return findingText({ check: what, status, found, remedy: null }, process.stdout.isTTY);
}
