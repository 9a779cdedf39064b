import type { Config } from '../config/schema.ts';
import { reportOnRecords } from '../io/store/records-report.ts';
import type { Clock } from '../ports/clock.ts';
import { type Finding, failed, ok, warning } from './finding.ts';

/** Whether visits can be kept, in which profile, and whether some could not be read any more. */
export async function checkRecords({ records }: Config, clock: Clock): Promise<Finding> {
  const check = 'records';
  const report = await reportOnRecords(records.directory, records, clock);
  if (report.unwritable !== null) {
    return failed(
      check,
      `visits are not kept: ${records.directory} is ${report.unwritable === 'io' ? 'failing' : report.unwritable}`,
      report.unwritable === 'full'
        ? 'free some room; the gate then keeps visits again by itself'
        : 'mount the disk writable again, or replace it; the gate then keeps visits again by itself',
    );
  }
  if (report.inForce.because !== 'configured') {
    return warning(check, report.profileText, 'see docs/privacy/storage-profiles.md');
  }
  if (report.setAside > 0) {
    return warning(
      check,
      `${report.profileText}; unreadable lines set aside in ${report.setAside} files (*.bad)`,
      'the disk may be wearing out: back up the configuration and replace it',
    );
  }
  return ok(check, report.profileText);
}
