import { isFrontal } from '../domain/face.ts';
import type { Rect } from '../domain/geometry.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS, type Thermogram } from '../domain/thermogram.ts';
import type { Reason } from './reasons.ts';
import type { Track } from './tracks.ts';
import type { GateParams, GateState } from './types.ts';

/** Whether one visitor stands so that the face can be measured, or what to ask for. */
export type Framing =
  | Readonly<{ kind: 'nobody' }>
  | Readonly<{ kind: 'prompt'; reason: Reason }>
  | Readonly<{ kind: 'ready'; track: Track; region: ThermalRegion }>;

/** A second face at least so wide, against the nearest, stands in front of the gate as well. */
const ALSO_NEAR = 0.75;
/** Skin in view must reach this somewhere, degC; a photo held up does not. */
const WARM_FACE_C = 30;
/** Share of the upper face that must lie in the thermal array's view. */
const IN_VIEW = 0.97;
/** Share of the upper face that something hot may hide. */
const HIDDEN = 0.25;

/** Judges how visitors stand in front of the gate. */
export function framingOf(state: GateState, params: GateParams): Framing {
  const candidates = state.tracking.tracks
    .filter((track) => state.nowMs - track.seenAtMs <= params.faceStaleMs)
    .filter((track) => track.sightings >= 2 && track.face.score >= params.minimumScore)
    .sort((a, b) => b.face.box.width - a.face.box.width);
  const nearest = candidates[0];
  if (nearest === undefined) {
    return state.presence === null ? { kind: 'nobody' } : { kind: 'prompt', reason: 'not-facing' };
  }
  const found = regionOrReason(nearest, candidates[1], state, params);
  if (typeof found === 'string') return { kind: 'prompt', reason: found };
  return { kind: 'ready', track: nearest, region: found };
}

function regionOrReason(
  nearest: Track,
  second: Track | undefined,
  { thermogram, scene }: GateState,
  params: GateParams,
): Reason | ThermalRegion {
  const region = params.locate(nearest.face);
  if (region === null || region.distanceM > params.maxDistanceM) return 'too-far';
  if (region.distanceM > params.lensMaxDistanceM) return 'too-far-for-lens';
  if (second !== undefined && second.face.box.width >= ALSO_NEAR * nearest.face.box.width)
    return 'several-people';
  if (region.distanceM < params.minDistanceM) return 'too-near';
  if (region.inView < IN_VIEW) return 'cut-by-frame';
  if (!isFrontal(nearest.face)) return 'not-facing';
  if (thermogram === null || !(hottestIn(thermogram, region.upperFace) >= WARM_FACE_C)) return 'not-facing';
  if (hiddenShare(scene.masked, region.upperFace) > HIDDEN) return 'hot-object';
  return region;
}

/** Highest temperature in a rectangle of the thermal picture, degC; -Infinity outside it. */
export function hottestIn(thermogram: Thermogram, rect: Rect): number {
  let hottest = Number.NEGATIVE_INFINITY;
  for (const pixel of pixelsIn(rect)) hottest = Math.max(hottest, valueOr(thermogram.toC[pixel], hottest));
  return hottest;
}

function valueOr(value: number | undefined, other: number): number {
  return value === undefined || Number.isNaN(value) ? other : value;
}

/** Share of a rectangle's pixels that are masked, 0..1. */
function hiddenShare(masked: Uint8Array, rect: Rect): number {
  let [hidden, all] = [0, 0];
  for (const pixel of pixelsIn(rect)) {
    hidden += masked[pixel] ?? 0;
    all++;
  }
  return all === 0 ? 0 : hidden / all;
}

function* pixelsIn(rect: Rect): Generator<number> {
  const lastColumn = Math.min(THERMAL_COLUMNS, rect.x + rect.width);
  for (let row = Math.max(0, Math.floor(rect.y)); row < Math.min(THERMAL_ROWS, rect.y + rect.height); row++) {
    for (let column = Math.max(0, Math.floor(rect.x)); column < lastColumn; column++) {
      yield row * THERMAL_COLUMNS + column;
    }
  }
}
