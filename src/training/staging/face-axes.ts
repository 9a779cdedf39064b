import type { Face } from '../../domain/face.ts';
import type { Point } from '../../domain/geometry.ts';

/**
 * A face's own axes: the origin between the eyes, x along the line through them, y down the face, the side of the
 * detector's box as the unit.
 */
export type FaceAxes = Readonly<{
  origin: Point;
  unit: number;
  rollRad: number;
  /** How far down nose tip and mouth lie. */
  noseY: number;
  mouthY: number;
}>;

/** Where nose tip and mouth are believed to be, units: elsewhere the key points are misplaced. */
const NOSE_Y = { least: 0.08, most: 0.4 };
const MOUTH_Y = { least: 0.25, most: 0.65 };
/** Eyes nearer together than this are of a face in profile, units. */
const LEAST_EYE_DISTANCE = 0.25;
const GREATEST_ROLL_RAD = 0.5;

/** The axes of an upright face seen from the front; null for any other, on which nothing could be laid in its place. */
export function faceAxes({ box, keyPoints }: Face): FaceAxes | null {
  const [first, second, nose, mouth] = keyPoints;
  if (!first || !second || !nose || !mouth) return null;
  const unit = Math.max(box.width, box.height);
  const rollRad = Math.atan2(second.y - first.y, second.x - first.x);
  const origin = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };
  const axes = { origin, unit, rollRad, noseY: 0, mouthY: 0 };
  const [noseY, mouthY] = [toFace(axes, nose).y, toFace(axes, mouth).y];
  const believed =
    Math.abs(rollRad) <= GREATEST_ROLL_RAD &&
    Math.hypot(second.x - first.x, second.y - first.y) >= LEAST_EYE_DISTANCE * unit &&
    within(noseY, NOSE_Y) &&
    within(mouthY, MOUTH_Y) &&
    mouthY > noseY;
  return believed ? { ...axes, noseY, mouthY } : null;
}

/** From picture pixels to the face's axes. */
export function toFace({ origin, unit, rollRad }: FaceAxes, { x, y }: Point): Point {
  const [right, down] = [(x - origin.x) / unit, (y - origin.y) / unit];
  const [cos, sin] = [Math.cos(rollRad), Math.sin(rollRad)];
  return { x: right * cos + down * sin, y: down * cos - right * sin };
}

/** From the face's axes to picture pixels. */
export function toPicture({ origin, unit, rollRad }: FaceAxes, { x, y }: Point): Point {
  const [cos, sin] = [Math.cos(rollRad), Math.sin(rollRad)];
  return { x: origin.x + unit * (x * cos - y * sin), y: origin.y + unit * (y * cos + x * sin) };
}

function within(value: number, { least, most }: Readonly<{ least: number; most: number }>): boolean {
  return value >= least && value <= most;
}
