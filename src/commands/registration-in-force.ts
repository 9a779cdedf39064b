import { keptUpkeepOf, type RegistrationInForce, registrationInForce } from '../app/registration-in-force.ts';
import type { UpkeepParts } from '../app/registration-upkeep.ts';
import type { Config } from '../config/schema.ts';
import { type KeptFile, registrationFiles } from '../io/store/registration-files.ts';
import type { Log } from '../ports/log.ts';
import type { KeptRegistration } from '../records/kept-registration.ts';

/** The registration of a folder of records, as a gate starts with it. */
export type LoadedRegistration = Readonly<{
  /** With the mount in force. */
  config: Config;
  source: RegistrationInForce['source'];
  kept: KeptRegistration | null;
  upkeep: UpkeepParts;
}>;

/**
 * Loads what is kept; a calibration that is damaged or does not hold here is told, and the configured mount used.
 * @throws StoreError when the files cannot be read
 */
export async function loadRegistration(
  config: Config,
  directory: string,
  { simulated, log }: Readonly<{ simulated: boolean; log: Log }>,
): Promise<LoadedRegistration> {
  const files = registrationFiles(directory);
  const kept = usable(await files.readCalibration(), log);
  const upkeep = usable(await files.readUpkeep(), log);
  const found = registrationInForce(config, kept, upkeep, simulated);
  if (found.refused !== null) {
    log.warn(
      { reason: found.refused },
      'the kept registration is not used, the configured mount is: fevergate calibrate registration, or calibrate forget',
    );
  }
  return {
    config: found.config,
    source: found.source,
    kept: found.refused === null ? kept : null,
    upkeep: {
      base: found.base,
      upkeep: found.upkeep,
      save: (state) => files.keepUpkeep(keptUpkeepOf(state, found.base)),
    },
  };
}

function usable<T>(read: KeptFile<T>, log: Log): T | null {
  if (read.kind === 'damaged') {
    log.warn(
      { file: read.file },
      'is damaged and not used: fevergate calibrate registration, or calibrate forget',
    );
  }
  return read.kind === 'kept' ? read.value : null;
}
