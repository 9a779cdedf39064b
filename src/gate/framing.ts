import type { Face } from '../domain/face.ts';
import type { Rect } from '../domain/geometry.ts';
import type { Signal } from '../domain/signal.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS, type Thermogram } from '../domain/thermogram.ts';
import type { Track } from './tracks.ts';
import type { GateParams, GateState } from './types.ts';

/** Whether one visitor stands so that the face can be measured, or what to ask for. */
export type Framing =
  | Readonly<{ kind: 'nobody' }>
  | Readonly<{ kind: 'prompt'; prompt: Signal }>
  | Readonly<{ kind: 'ready'; track: Track; region: ThermalRegion }>;

/** A second face at least so wide, against the nearest, stands in front of the gate as well. */
const ALSO_NEAR = 0.75;
/** Skin in view must reach this somewhere, degC; a photo held up does not. */
const WARM_FACE_C = 30;
/** Share of the upper face that must lie in the thermal array's view. */
const IN_VIEW = 0.9;
/** The nose tip may lie so far from between the eyes, in eye distances (about 30 degrees of turning). */
const FRONTAL = 0.35;

/** Judges how visitors stand in front of the gate. */
export function framingOf(state: GateState, params: GateParams): Framing {
  const candidates = state.tracking.tracks
    .filter((track) => state.nowMs - track.seenAtMs <= params.faceStaleMs)
    .filter((track) => track.sightings >= 2 && track.face.score >= params.minimumScore)
    .sort((a, b) => b.face.box.width - a.face.box.width);
  const nearest = candidates[0];
  if (nearest === undefined) {
    return state.presence === null ? { kind: 'nobody' } : { kind: 'prompt', prompt: 'look-here' };
  }
  const prompt = promptFor(nearest, candidates[1], state.thermogram, params);
  if (typeof prompt === 'string') return { kind: 'prompt', prompt };
  return { kind: 'ready', track: nearest, region: prompt };
}

function promptFor(
  nearest: Track,
  second: Track | undefined,
  thermogram: Thermogram | null,
  params: GateParams,
): Signal | ThermalRegion {
  const region = params.locate(nearest.face);
  if (region === null || region.distanceM > params.maxDistanceM) return 'come-closer';
  if (second !== undefined && second.face.box.width >= ALSO_NEAR * nearest.face.box.width)
    return 'one-at-a-time';
  if (region.distanceM < params.minDistanceM) return 'step-back';
  if (!isFrontal(nearest.face) || region.inView < IN_VIEW) return 'look-here';
  if (thermogram === null || !(hottestIn(thermogram, region.upperFace) >= WARM_FACE_C)) return 'look-here';
  return region;
}

function isFrontal(face: Face): boolean {
  const [rightEye, leftEye, noseTip] = face.keyPoints;
  if (!rightEye || !leftEye || !noseTip) return true;
  const eyeDistance = Math.abs(leftEye.x - rightEye.x);
  const middle = (leftEye.x + rightEye.x) / 2;
  return Math.abs(noseTip.x - middle) <= FRONTAL * eyeDistance;
}

/** Highest temperature in a rectangle of the thermal picture, degC; -Infinity outside it. */
export function hottestIn(thermogram: Thermogram, rect: Rect): number {
  let hottest = Number.NEGATIVE_INFINITY;
  for (let row = Math.max(0, Math.floor(rect.y)); row < Math.min(THERMAL_ROWS, rect.y + rect.height); row++) {
    const lastColumn = Math.min(THERMAL_COLUMNS, rect.x + rect.width);
    for (let column = Math.max(0, Math.floor(rect.x)); column < lastColumn; column++) {
      const value = thermogram.toC[row * THERMAL_COLUMNS + column];
      if (value !== undefined && value > hottest) hottest = value;
    }
  }
  return hottest;
}
