import type { Config } from '../config/schema.ts';
import { type Mount, pinholeOptics, type ThermalLens, thermalOptics } from '../domain/optics.ts';
import type { GateParams } from '../gate/types.ts';
import type { HeadView } from '../registration/head-model.ts';
import { createRegistration } from '../registration/registration.ts';
import { uprightFor } from '../registration/upright.ts';
import { SPOT_SIZE } from '../screening/spot-size-table.ts';

const RADIANS_PER_DEGREE = Math.PI / 180;
const METRES_PER_MM = 0.001;
/**
 * What the detector's box spans of an adult's face, metres. Faces of 0.15 m from ear to ear give boxes of 1.00 (bare) and
 * 0.975 (masked) times that, +- 4 %.
 */
const FACE_BOX_WIDTH_M = 0.148;

/** Farther away place and box alone move a reading by more than 0.08 degC (sd): docs/accuracy.md. */
const LENS_MAX_DISTANCE_M: Readonly<Record<ThermalLens, number>> = { BAB: 1, BAA: 0.45 };
/** Noise at one subpage a second of a pixel that sees skin, degC: the datasheet's 0.25 and 0.14, a tenth less than at 25 degC. */
const SKIN_NETD_C: Readonly<Record<ThermalLens, number>> = { BAB: 0.225, BAA: 0.126 };
/** So much sampling before the first judgement, ms. */
const FIRST_JUDGEMENT_MS = 480;
/** The simulated sensor's slow drift, common and per pixel: what no averaging within a visit takes away, degC. */
const SYSTEMATIC_UNCERTAINTY_C = 0.105;
/** A mount in the configuration's units: mm and degrees. */
export type MountSettings = Config['mount'];

/** The thermal array's mount, from config units to metres and radians. */
export function mountOf({ mount }: Readonly<{ mount: MountSettings }>): Mount {
  return {
    offsetM: {
      x: mount.rightMm * METRES_PER_MM,
      y: mount.downMm * METRES_PER_MM,
      z: mount.forwardMm * METRES_PER_MM,
    },
    yawRad: mount.yawDeg * RADIANS_PER_DEGREE,
    pitchRad: mount.pitchDeg * RADIANS_PER_DEGREE,
    rollRad: mount.rollDeg * RADIANS_PER_DEGREE,
  };
}

/** The other way; rounded to a micrometre and a thousandth of a degree. */
export function mountSettingsOf({ offsetM, yawRad, pitchRad, rollRad }: Mount): MountSettings {
  const mm = (metres: number): number => rounded(metres / METRES_PER_MM);
  const degrees = (radians: number): number => rounded(radians / RADIANS_PER_DEGREE);
  return {
    rightMm: mm(offsetM.x),
    downMm: mm(offsetM.y),
    forwardMm: mm(offsetM.z),
    yawDeg: degrees(yawRad),
    pitchDeg: degrees(pitchRad),
    rollDeg: degrees(rollRad),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 + 0;
}

/** How a configured gate sees heads with both its sensors. */
export function headViewOf({ camera, mount, thermal }: Config): HeadView {
  return {
    camera: pinholeOptics(camera.width, camera.height, camera.horizontalFovDeg),
    thermal: thermalOptics(thermal.lens),
    faceBoxWidthM: FACE_BOX_WIDTH_M,
    upright: uprightFor(mountOf({ mount }).rollRad),
  };
}

/**
 * The core's parameters from a checked configuration.
 * @param refreshRateHz subpages a second that the sensor really makes
 */
export function gateParamsOf(
  config: Config,
  refreshRateHz: number = config.thermal.refreshRateHz,
): GateParams {
  const { screening, thermal, vision, visit } = config;
  const registration = createRegistration({ ...headViewOf(config), mount: mountOf(config) });
  const subpagePeriodMs = 1000 / refreshRateHz;
  return {
    locate: (face) => registration.locate(face),
    presence: { aboveSurroundingsC: 4, atLeastC: 27, pixels: 12 },
    tracking: { forgetAfterMs: 1400, minimumOverlap: 0.2 },
    thermometry: {
      spotSize: SPOT_SIZE[thermal.lens],
      systematicUncertaintyC: SYSTEMATIC_UNCERTAINTY_C,
      sampleNoiseC: SKIN_NETD_C[thermal.lens] * Math.sqrt(refreshRateHz),
      offsetC: thermal.offsetC,
    },
    conditions: {
      surroundings: { minAmbientC: 16, maxAmbientC: 30, maxSlopeCPerMinute: 0.3 },
      reference: thermal.reference.kind === 'disc' ? { temperatureC: thermal.reference.temperatureC } : null,
      outdoorsBelowC: 33,
      implausibleAboveC: 42.5,
    },
    minimumVisitors: screening.minimumVisitors,
    decision: {
      method: screening.method,
      falseAlarmShare: screening.falseAlarmShare,
      leastAboveNormalC: screening.leastAboveNormalC,
      mostAboveNormalC: screening.mostAboveNormalC,
      elevatedC: screening.elevatedC,
      alwaysElevatedC: screening.alwaysElevatedC,
      maximumUncertaintyC: 0.35,
    },
    minDistanceM: visit.minDistanceM,
    maxDistanceM: visit.maxDistanceM,
    lensMaxDistanceM: LENS_MAX_DISTANCE_M[thermal.lens],
    settledUncertaintyC: 0.155,
    stillPx: 0.9,
    minimumScore: vision.threshold,
    subpagePeriodMs,
    minimumSubpages: Math.max(4, Math.ceil(FIRST_JUDGEMENT_MS / subpagePeriodMs)),
    decideWithinMs: visit.decideWithinS * 1000,
    answerMs: visit.answerS * 1000,
    firstThermogramWithinMs: 1000 + 8 * subpagePeriodMs,
    staleMs: Math.max(1000, 4 * subpagePeriodMs),
    faceStaleMs: 450,
    visionLateMs: 3000,
  };
}
