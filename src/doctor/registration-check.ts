import { registrationInForce } from '../app/registration-in-force.ts';
import type { Config } from '../config/schema.ts';
import { type KeptFile, registrationFiles } from '../io/store/registration-files.ts';
import type { KeptRegistration, KeptUpkeep } from '../records/kept-registration.ts';
import { type Finding, ok, warning } from './finding.ts';

const CHECK = 'registration';
const CALIBRATE = 'fevergate calibrate registration: it takes a minute';

/** Whether the mount was calibrated, holds here, and is still where it was. */
export async function checkRegistration(config: Config): Promise<Finding> {
  const files = registrationFiles(config.records.directory);
  return registrationFinding(config, await files.readCalibration(), await files.readUpkeep());
}

export function registrationFinding(
  config: Config,
  calibration: KeptFile<KeptRegistration>,
  upkeep: KeptFile<KeptUpkeep>,
): Finding {
  if (calibration.kind === 'damaged') {
    return warning(CHECK, `${calibration.file} is damaged, the configured mount is used`, CALIBRATE);
  }
  const kept = calibration.kind === 'kept' ? calibration.value : null;
  const found = registrationInForce(config, kept, upkeep.kind === 'kept' ? upkeep.value : null, false);
  const { shift, visits, movedOnDay } = found.upkeep;
  if (movedOnDay !== null) {
    const px = Math.hypot(shift.across, shift.down).toFixed(1);
    return warning(
      CHECK,
      `the mount has moved: heads of ${visits} visitors were ${px} thermal pixels off`,
      CALIBRATE,
    );
  }
  if (found.refused !== null) {
    return warning(CHECK, `the kept calibration is not used: ${found.refused}`, CALIBRATE);
  }
  if (kept === null) return warning(CHECK, 'never calibrated, the configured mount is used', CALIBRATE);
  const { rmsPx } = kept.residual;
  return ok(
    CHECK,
    `calibrated ${kept.keptAt.slice(0, 10)}, ${rmsPx.toFixed(2)} thermal pixels, ${visits} visitors since`,
  );
}
