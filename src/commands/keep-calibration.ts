import { DateTime } from 'luxon';
import { mountSettingsOf } from '../app/gate-params.ts';
import { opticsOf } from '../app/registration-in-force.ts';
import type { Config } from '../config/schema.ts';
import { registrationFiles } from '../io/store/registration-files.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import type { KeptRegistration } from '../records/kept-registration.ts';
import type { Calibration } from '../registration/calibration.ts';

export type KeepOptions = Readonly<{
  config: Config;
  directory: string;
  /** Null: of this machine's gate. */
  simulatedSeed: number | null;
  /** Told before the calibration is in force, so that none is untold. */
  audit: AuditTrail;
}>;

/** Keeps a calibration in a folder of records. @throws StoreError when it cannot be written */
export async function keepCalibration(
  { solution, span, expectedErrorPx }: Extract<Calibration, { kind: 'solved' }>,
  { config, directory, simulatedSeed, audit }: KeepOptions,
): Promise<KeptRegistration> {
  const { residual, residualBefore, model } = solution;
  const kept: KeptRegistration = {
    version: 1,
    keptAt: DateTime.now().toISO(),
    simulatedSeed,
    optics: opticsOf(config),
    configured: config.mount,
    mount: mountSettingsOf(model.mount),
    residual: {
      rmsPx: rounded(residual.rmsPx),
      p95Px: rounded(residual.p95Px),
      beforeRmsPx: rounded(residualBefore.rmsPx),
      expectedErrorPx: rounded(expectedErrorPx),
    },
    span: {
      pairs: span.pairs,
      nearestM: rounded(span.nearestM),
      farthestM: rounded(span.farthestM),
      leftShare: rounded(span.leftShare),
      rightShare: rounded(span.rightShare),
    },
  };
  const detail = `residual ${kept.residual.rmsPx} px; mount ${JSON.stringify(kept.mount)}`;
  await audit.append({ event: 'calibration', what: 'registration', detail });
  await registrationFiles(directory).keepCalibration(kept);
  return kept;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
