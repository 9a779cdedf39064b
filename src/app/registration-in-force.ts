import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/schema.ts';
import type { KeptRegistration, KeptUpkeep } from '../records/kept-registration.ts';
import { mountKeptUp, noVisitsYet, type Upkeep } from '../registration/upkeep.ts';
import { headViewOf, type MountSettings, mountOf, mountSettingsOf } from './gate-params.ts';

/** Which mount a gate measures with, and why. */
export type RegistrationInForce = Readonly<{
  /** The configuration with that mount: whatever follows from it, a recording included, has the geometry in force. */
  config: Config;
  source: 'configured' | 'calibrated';
  /** Why a kept calibration is not used; null when there is none or it is. */
  refused: string | null;
  /** The mount before what visitors have corrected. */
  base: MountSettings;
  upkeep: Upkeep;
}>;

/** What a calibration holds for. */
export function opticsOf({ camera, thermal }: Config): KeptRegistration['optics'] {
  return {
    lens: thermal.lens,
    mirrored: thermal.mirrored,
    cameraWidth: camera.width,
    cameraHeight: camera.height,
    cameraFovDeg: camera.horizontalFovDeg,
    cameraRotationDeg: camera.rotationDeg,
  };
}

/**
 * The configured mount, or the calibrated one where it holds, with what visitors have corrected since.
 * @param simulated the gate is a simulated one
 */
export function registrationInForce(
  config: Config,
  kept: KeptRegistration | null,
  upkeep: KeptUpkeep | null,
  simulated: boolean,
): RegistrationInForce {
  const refused = kept === null ? null : whyNot(config, kept, simulated);
  const isUsed = kept !== null && refused === null;
  const base = isUsed ? kept.mount : config.mount;
  const continues = upkeep !== null && isDeepStrictEqual(upkeep.base, base);
  const state = continues ? upkeepOf(upkeep) : noVisitsYet;
  const calibrated = { ...config, mount: base };
  const mount = continues
    ? mountSettingsOf(mountKeptUp(mountOf(calibrated), state, headViewOf(calibrated)))
    : base;
  return {
    config: { ...config, mount },
    source: isUsed ? 'calibrated' : 'configured',
    refused,
    base,
    upkeep: state,
  };
}

/** As it is kept on disk. */
export function keptUpkeepOf(upkeep: Upkeep, base: MountSettings): KeptUpkeep {
  return { version: 1, base, ...upkeep };
}

function upkeepOf({ version: _version, base: _base, ...upkeep }: KeptUpkeep): Upkeep {
  return upkeep;
}

function whyNot(config: Config, kept: KeptRegistration, simulated: boolean): string | null {
  if (kept.simulatedSeed !== null && !simulated) return 'it is of a simulated gate';
  const optics = opticsOf(config);
  const changed = (Object.keys(optics) as (keyof typeof optics)[]).filter(
    (name) => optics[name] !== kept.optics[name],
  );
  const [first] = changed;
  if (first !== undefined) {
    return `it was made for ${first} ${String(kept.optics[first])}, now it is ${String(optics[first])}`;
  }
  return isDeepStrictEqual(kept.configured, config.mount) ? null : 'mount.* has been changed since';
}
