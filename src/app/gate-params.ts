import type { Config } from '../config/schema.ts';
import { type Mount, pinholeOptics, thermalOptics } from '../domain/optics.ts';
import type { GateParams } from '../gate/types.ts';
import type { HeadView } from '../registration/head-model.ts';
import { createRegistration } from '../registration/registration.ts';
import { uprightFor } from '../registration/upright.ts';
import { SPOT_SIZE_LOSS_C } from '../screening/spot-size.ts';

const RADIANS_PER_DEGREE = Math.PI / 180;
const METRES_PER_MM = 0.001;
/**
 * What the detector's box spans of an adult's face, metres. Faces of 0.15 m from ear to ear give boxes of 1.00 (bare) and
 * 0.975 (masked) times that, +- 4 %.
 */
const FACE_BOX_WIDTH_M = 0.148;

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
    thermometry: { spotSizeLossC: SPOT_SIZE_LOSS_C[thermal.lens], systematicUncertaintyC: 0.1 },
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
    stillPx: 0.9,
    minimumScore: vision.threshold,
    minimumSubpages: Math.max(4, Math.ceil(600 / subpagePeriodMs)),
    decideWithinMs: visit.decideWithinS * 1000,
    answerMs: visit.answerS * 1000,
    firstThermogramWithinMs: 1000 + 8 * subpagePeriodMs,
    staleMs: Math.max(1000, 4 * subpagePeriodMs),
    faceStaleMs: 450,
    visionLateMs: 3000,
  };
}
