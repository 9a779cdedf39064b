import type { Face } from '../domain/face.ts';
import type { Mount, Optics } from '../domain/optics.ts';
import { faceDistanceM, thermalPixelOf } from './geometry.ts';
import type { ThermalHead } from './thermal-head.ts';
import type { Upright } from './upright.ts';

/** What is sought: where the thermal array sits, and the proportions of whoever walks before it. */
export type HeadModel = Readonly<{
  mount: Mount;
  /** Face width against an adult's. Scales every distance of this person. */
  faceScale: number;
  /** Width of the thermal outline at the eyes, in widths of the face box. */
  headWidth: number;
  /** Equivalent upper edge above the eyes, in widths of the face box. */
  crownHeight: number;
}>;

/** What does not change while a model is sought. */
export type HeadView = Readonly<{ camera: Optics; thermal: Optics; faceBoxWidthM: number; upright: Upright }>;

/** Where a model expects the edges of a head; `top` also where the picture does not reach so far. */
export type ExpectedHead = Readonly<{ left: number; right: number; top: number }>;

const RIGHT_EYE = 0;
const LEFT_EYE = 1;
/** Eyes below the upper edge of the box, in box heights, where there are no key points. */
const EYES_IN_BOX = 0.35;

/** Null for an empty box. */
function expectedHead(model: HeadModel, face: Face, view: HeadView): ExpectedHead | null {
  const { box } = face;
  const distanceM = faceDistanceM(box, view.camera, view.faceBoxWidthM * model.faceScale);
  if (distanceM === null) return null;
  const geometry = { camera: view.camera, thermal: view.thermal, mount: model.mount };
  const at = (x: number, y: number) => view.upright.turned(thermalPixelOf(geometry, { x, y }, distanceM));
  const middle = box.x + box.width / 2;
  const half = (model.headWidth * box.width) / 2;
  const eyes = eyesY(face);
  return {
    left: at(middle - half, eyes).x,
    right: at(middle + half, eyes).x,
    top: at(middle, eyes - model.crownHeight * box.width).y,
  };
}

/** Seen less expected, thermal pixels; `down` is 0 where the crown is out of view. */
export type HeadMiss = Readonly<{ left: number; right: number; down: number }>;

/** How far a head lies from where a model expects it; null for an empty box. */
export function missOf(model: HeadModel, face: Face, head: ThermalHead, view: HeadView): HeadMiss | null {
  const expected = expectedHead(model, face, view);
  if (expected === null) return null;
  return {
    left: head.left - expected.left,
    right: head.right - expected.right,
    down: head.top === null ? 0 : head.top - expected.top,
  };
}

/** How far a head's middle and crown lie from where they are expected, thermal pixels. */
export function displacementOf({ left, right, down }: HeadMiss): Readonly<{ across: number; down: number }> {
  return { across: (left + right) / 2, down };
}

function eyesY({ box, keyPoints }: Face): number {
  const right = keyPoints[RIGHT_EYE];
  const left = keyPoints[LEFT_EYE];
  return right && left ? (right.y + left.y) / 2 : box.y + EYES_IN_BOX * box.height;
}

/** How many thermal pixels a radian spans in the middle of the picture. */
export function pixelsPerRadian({ thermal }: Pick<HeadView, 'thermal'>): number {
  const small = 0.01;
  return (thermal.project({ x: small, y: 0, z: 1 }).x - thermal.project({ x: 0, y: 0, z: 1 }).x) / small;
}

/** Direction of a place of the upright thermal picture, radians to the right of its middle (near enough, within 30 degrees). */
export function asideRad(acrossPx: number, view: Pick<HeadView, 'thermal' | 'upright'>): number {
  return (acrossPx - view.upright.width / 2) / pixelsPerRadian(view);
}
