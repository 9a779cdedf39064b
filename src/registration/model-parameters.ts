import type { Mount } from '../domain/optics.ts';
import type { HeadModel } from './head-model.ts';

/**
 * What is believed before anybody has walked: standard deviations of how far a mount is from the configured one, and of
 * people's proportions. Two of them do real work: pictures alone do not tell a larger person from a larger baseline, nor
 * hair from a mount that is higher.
 */
const BELIEF = {
  offsetM: 0.015,
  turnRad: (4 * Math.PI) / 180,
  faceScale: 0.05,
  headWidth: 0.1,
  crownHeight: 0.06,
} as const;

/** Proportions of the figure whose thermal outline was measured over the simulated sensor; in widths of the face box. */
export const USUAL_PROPORTIONS = { faceScale: 1, headWidth: 0.95, crownHeight: 0.605 } as const;

/** Length of a parameter vector. */
export const PARAMETERS = 9;
/** The first of them are the mount's. */
export const MOUNT_PARAMETERS = 6;

/** The model that a parameter vector stands for: each parameter counts standard deviations from the configured mount. */
export function modelOf(parameters: Float64Array, configured: Mount): HeadModel {
  const [right = 0, down = 0, forward = 0, yaw = 0, pitch = 0, roll = 0, scale = 0, width = 0, crown = 0] =
    parameters;
  const { offsetM, yawRad, pitchRad, rollRad } = configured;
  return {
    mount: {
      offsetM: {
        x: offsetM.x + right * BELIEF.offsetM,
        y: offsetM.y + down * BELIEF.offsetM,
        z: offsetM.z + forward * BELIEF.offsetM,
      },
      yawRad: yawRad + yaw * BELIEF.turnRad,
      pitchRad: pitchRad + pitch * BELIEF.turnRad,
      rollRad: rollRad + roll * BELIEF.turnRad,
    },
    faceScale: USUAL_PROPORTIONS.faceScale * Math.exp(scale * BELIEF.faceScale),
    headWidth: USUAL_PROPORTIONS.headWidth + width * BELIEF.headWidth,
    crownHeight: USUAL_PROPORTIONS.crownHeight + crown * BELIEF.crownHeight,
  };
}
