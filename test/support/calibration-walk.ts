import type { Face } from '../../src/domain/face.ts';
import { centreOf } from '../../src/domain/geometry.ts';
import {
  type Mount,
  pinholeOptics,
  type ThermalLens,
  thermalOptics,
  toThermalAxes,
  type Vector3,
} from '../../src/domain/optics.ts';
import { thermalPixelOf } from '../../src/registration/geometry.ts';
import type { HeadView } from '../../src/registration/head-model.ts';
import { USUAL_PROPORTIONS } from '../../src/registration/model-parameters.ts';
import { pairingParams, pairStill } from '../../src/registration/pairing.ts';
import { createRegistration } from '../../src/registration/registration.ts';
import type { FacePair } from '../../src/registration/solve-mount.ts';
import { uprightFor } from '../../src/registration/upright.ts';
import { type Random, seededRandom } from '../../src/simulation/random.ts';
import { FIGURE } from '../../src/simulation/scene/figure.ts';
import { heatMapOf } from '../../src/simulation/scene/heat-map.ts';
import { createThermalView } from '../../src/simulation/scene/thermal-view.ts';

const FACE_BOX_M = 0.148;
const BROW_TO_CHIN_M = 0.15;
const AMBIENT_C = 22;
/** Of one pixel of one picture at 8 subpages a second, degC. */
const NOISE_C = 0.4;
const SUBPAGE_MS = 125;

const cameraOptics = pinholeOptics(640, 480, 62.2);

export function viewOf(lens: ThermalLens, mount: Mount): HeadView {
  return {
    camera: cameraOptics,
    thermal: thermalOptics(lens),
    faceBoxWidthM: FACE_BOX_M,
    upright: uprightFor(mount.rollRad),
  };
}

/** A mount off by up to 20 mm and 5 degrees on each axis. */
export function misplaced(mount: Mount, random: Random): Mount {
  const mm = (value: number): number => value + (random.uniform() * 2 - 1) * 0.02;
  const turn = (value: number): number => value + ((random.uniform() * 2 - 1) * 5 * Math.PI) / 180;
  return {
    offsetM: { x: mm(mount.offsetM.x), y: mm(mount.offsetM.y), z: mm(mount.offsetM.z) },
    yawRad: turn(mount.yawRad),
    pitchRad: turn(mount.pitchRad),
    rollRad: turn(mount.rollRad),
  };
}

/** What is added to what the sensors would tell without noise. */
export type WalkNoise = Readonly<{
  /** Of the box, in box widths. */
  boxJitter: number;
  /** Between people; one person calibrates. */
  headSizes: number;
  /** Of each thermal edge, thermal pixels. */
  thermalPx: number;
}>;
export const noNoise: WalkNoise = { boxJitter: 0, headSizes: 0, thermalPx: 0 };
/** Measured on real detectors and heads. */
export const realNoise: WalkNoise = { boxJitter: 0.04, headSizes: 0.06, thermalPx: 0.35 };

/** The detector's box and eyes for a face of `scale` times an adult's at `place` (its centre). */
function boxedFace(place: Vector3, scale: number, jitter: number, random: Random): Face {
  const at = (x: number, y: number) =>
    cameraOptics.project({ ...place, x: place.x + scale * x, y: place.y + scale * y });
  const corner = at(-FACE_BOX_M / 2, -BROW_TO_CHIN_M / 2);
  const opposite = at(FACE_BOX_M / 2, BROW_TO_CHIN_M / 2);
  const width = opposite.x - corner.x;
  const grown = 1 + jitter * random.normal();
  const shift = { x: jitter * width * random.normal(), y: jitter * width * random.normal() };
  const middle = { x: (corner.x + opposite.x) / 2 + shift.x, y: (corner.y + opposite.y) / 2 + shift.y };
  const height = (opposite.y - corner.y) * grown;
  const eye = (side: -1 | 1) => {
    const seen = at(side * FIGURE.eyeX, FIGURE.eyeY);
    return { x: seen.x + shift.x, y: seen.y + shift.y };
  };
  return {
    box: {
      x: middle.x - (width * grown) / 2,
      y: middle.y - height / 2,
      width: width * grown,
      height,
    },
    score: 0.9,
    keyPoints: [eye(-1), eye(1)],
  };
}

/** Where one stands in a walk near, far, left and right, that both sensors see. */
function walkPlace(lens: ThermalLens, random: Random): Vector3 {
  const z = 0.45 + 0.85 * random.uniform();
  // As far aside as the head stays in view.
  const reach = lens === 'BAB' ? 0.3 * z - 0.05 : 0.42 * z;
  return {
    x: (2 * random.uniform() - 1) * Math.min(reach, 0.42 * z),
    y: 0.02 * (2 * random.uniform() - 1) + 0.02,
    z,
  };
}

/** Pairs told by geometry alone, with the noise asked for. */
export function toldPairs(
  lens: ThermalLens,
  mount: Mount,
  configured: Mount,
  noise: WalkNoise,
  seed: number,
  count = 60,
): readonly FacePair[] {
  const random = seededRandom(seed);
  const view = viewOf(lens, configured);
  const scale = 1 + noise.headSizes * random.normal();
  return Array.from({ length: count }, () => {
    const place = walkPlace(lens, random);
    const face = boxedFace(place, scale, noise.boxJitter, random);
    const truth = boxedFace(place, scale, 0, random);
    const geometry = { camera: cameraOptics, thermal: thermalOptics(lens), mount };
    const at = (x: number, y: number) => view.upright.turned(thermalPixelOf(geometry, { x, y }, place.z));
    const { width } = truth.box;
    const x = centreOf(truth.box).x;
    const eyes = truth.keyPoints[0]?.y ?? Number.NaN;
    const edge = (): number => noise.thermalPx * random.normal();
    const crown = at(x, eyes - USUAL_PROPORTIONS.crownHeight * width).y;
    const half = (USUAL_PROPORTIONS.headWidth * width) / 2;
    return {
      face,
      head: {
        left: at(x - half, eyes).x + edge(),
        right: at(x + half, eyes).x + edge(),
        top: crown < 2 ? null : crown + edge(),
      },
    };
  });
}

/** Pairs whose heads are found in rendered thermal pictures with the sensor's noise. */
export function renderedPairs(
  lens: ThermalLens,
  mount: Mount,
  configured: Mount,
  seed: number,
  count = 60,
  mask: 'worn' | 'not-worn' = 'not-worn',
): Readonly<{ pairs: readonly FacePair[]; missed: Readonly<Record<string, number>> }> {
  const random = seededRandom(seed);
  const view = viewOf(lens, configured);
  const picture = createThermalView(lens, mount, AMBIENT_C);
  const heat = heatMapOf({ behaviour: 'normal', trueTemperatureC: 35.3, mask, glasses: false });
  const params = pairingParams(view, configured, SUBPAGE_MS);
  const missed: Record<string, number> = {};
  const pairs = Array.from({ length: count }, (): readonly FacePair[] => {
    const place = walkPlace(lens, random);
    const face = boxedFace(place, 1, 0, random);
    const seenC = new Float64Array(768);
    picture.render([{ place, heat }], seenC);
    const toC = Float32Array.from(seenC, (value) => value + NOISE_C * random.normal());
    const found = pairStill(face, toC, params);
    if (typeof found !== 'string') return [found];
    missed[found] = (missed[found] ?? 0) + 1;
    return [];
  });
  return { pairs: pairs.flat(), missed };
}

/** How far new faces at 0.4 to 1.5 m lie from where a solved mount puts them, thermal pixels (across and down together). */
export function errorOnNewFaces(
  lens: ThermalLens,
  truth: Mount,
  solved: Mount,
  noise: WalkNoise,
  seed: number,
  count = 300,
): Readonly<{ rmsPx: number; p95Px: number }> {
  const random = seededRandom(seed);
  const thermal = thermalOptics(lens);
  const registration = createRegistration({
    camera: cameraOptics,
    thermal,
    mount: solved,
    faceBoxWidthM: FACE_BOX_M,
  });
  const errors: number[] = [];
  while (errors.length < count) {
    const z = 0.4 + 1.1 * random.uniform();
    const place = {
      x: (2 * random.uniform() - 1) * 0.42 * z,
      y: (2 * random.uniform() - 1) * 0.2 * z,
      z,
    };
    const scale = 1 + noise.headSizes * random.normal();
    const seen = thermal.project(toThermalAxes(place, truth));
    const inside = seen.x > 1 && seen.x < 31 && seen.y > 1 && seen.y < 23;
    const region = registration.locate(boxedFace(place, scale, noise.boxJitter, random));
    if (!inside || region === null) continue;
    const put = centreOf(region.face);
    errors.push(Math.hypot(put.x - seen.x, put.y - seen.y));
  }
  errors.sort((a, b) => a - b);
  return {
    rmsPx: Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length),
    p95Px: errors[Math.floor(0.95 * errors.length)] ?? Number.NaN,
  };
}
