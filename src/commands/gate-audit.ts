import { createHash } from 'node:crypto';
import { changedFields, configHash, type FieldHashes, fieldHashes } from '../config/fingerprint.ts';
import type { PublicKey } from '../config/public-key.ts';
import type { Config } from '../config/schema.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { keepConfiguration, readKeptConfiguration } from '../io/store/kept-configuration.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SensorImages } from '../ports/sensor-images.ts';
import { hexOfWords } from '../records/kept-sensor.ts';
import type { Closing } from './gate-sinks.ts';
import { softwareVersion } from './software-version.ts';

export type AuditedGate = Readonly<{
  config: Config;
  directory: string;
  clock: Clock;
  log: Log;
  /** Keys that may log in to the machine. */
  loginKeys?: readonly PublicKey[];
}>;

/** Kept beside the settings, and no setting: who may log in. */
const LOGIN = 'login';

/**
 * Tells the audit trail that a gate starts, with what changed in its configuration since it last did, and in the end
 * that it stops. A trail that cannot be written is logged: visitors are answered all the same.
 */
export async function auditGate(gate: AuditedGate, closing: Closing): Promise<void> {
  const { directory, clock, log } = gate;
  const logged = async (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => log.error({ error: String(error) }, 'audit trail not written'));
  await logged(tellStart(gate));
  closing.push(async () => {
    await logged(
      openAuditTrail(directory, () => clock.wallTime()).then((trail) => trail.append({ event: 'stop' })),
    );
  });
}

async function tellStart({ config, directory, clock, loginKeys = [] }: AuditedGate): Promise<void> {
  const trail = await openAuditTrail(directory, () => clock.wallTime());
  const hash = configHash(config);
  const now = { ...fieldHashes(config), ...loginHash(loginKeys) };
  const before = await readKeptConfiguration(directory);
  if (before?.[LOGIN] !== now[LOGIN]) {
    const fingerprints = loginKeys.map(({ fingerprint }) => fingerprint);
    await trail.append({ event: 'login-changed', keys: loginKeys.length, fingerprints });
  }
  const changed = changedFields(before ?? {}, now);
  const fields = before === null ? [] : changed.filter((name) => name !== LOGIN);
  if (fields.length > 0) await trail.append({ event: 'configuration-changed', fields, configHash: hash });
  const { offsetC } = config.thermal;
  if (before === null ? offsetC !== 0 : fields.includes('thermal.offsetC')) {
    // With its value: it moves every reading.
    await trail.append({ event: 'calibration', what: 'offset', detail: `${offsetC} degC` });
  }
  // Only now: after a crash in between, a change is told twice rather than never.
  if (changed.length > 0) await keepConfiguration(directory, now);
  const version = await softwareVersion();
  await trail.append({ event: 'start', version, configHash: hash, profile: config.records.profile });
}

/** Nothing where nobody may log in. */
function loginHash(keys: readonly PublicKey[]): FieldHashes {
  if (keys.length === 0) return {};
  const lines = keys.map(({ line }) => line).sort();
  return { [LOGIN]: createHash('sha256').update(lines.join('\n')).digest('hex') };
}

/** Sensor images that tell the audit trail of every sensor made known. */
export function auditedImages(images: SensorImages, trail: AuditTrail): SensorImages {
  return {
    all: () => images.all(),
    async accept(id, eeprom) {
      const image = createHash('sha256').update(hexOfWords(eeprom), 'hex').digest('hex');
      // First, so that none is made known untold.
      await trail.append({ event: 'calibration', what: 'sensor', detail: `sensor ${id}, EEPROM ${image}` });
      await images.accept(id, eeprom);
    },
  };
}
