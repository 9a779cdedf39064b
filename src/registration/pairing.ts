import { type Face, isFrontal } from '../domain/face.ts';
import { centreOf, type Point, type Rect } from '../domain/geometry.ts';
import type { Mount } from '../domain/optics.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import { type HeadView, pixelsPerRadian } from './head-model.ts';
import { createRegistration, type Registration } from './registration.ts';
import type { FacePair } from './solve-mount.ts';
import { findHead, type NoHead } from './thermal-head.ts';

/** What pairs a camera's faces with thermal pictures of another instant. */
export type PairingParams = Readonly<{
  view: HeadView;
  registration: Registration;
  /** How far from its expected place a head is looked for, thermal pixels. */
  slackPx: number;
  /** Of one subpage, ms. */
  subpagePeriodMs: number;
}>;

type Sighting = Readonly<{ face: Face; atMs: number }>;
type Picture = Readonly<{ toC: Float32Array; atMs: number }>;

/** Sightings and pictures that wait for each other. */
export type Pairing = Readonly<{ sighting: Sighting | null; pictures: readonly Picture[] }>;

/** Why a moment gave no pair. */
export type NoPair = NoHead | 'nobody' | 'not-alone' | 'not-frontal' | 'moving';

/** What one camera frame brought. */
export type Paired = Readonly<{ pairing: Pairing; pairs: readonly FacePair[]; noPair: NoPair | null }>;

export const nothingToPair: Pairing = { sighting: null, pictures: [] };

/** Mounting errors that a calibration must bridge: 6 degrees, and 25 mm at 0.4 m. */
const SLACK_RAD = (6 * Math.PI) / 180 + 0.025 / 0.4;
/** Sightings farther apart than this tell nothing of the time between, ms. */
const GAP_MS = 600;
/** A face that moves farther than this while both subpages are exposed blurs its own edges, thermal pixels. */
const STILL_PX = 0.6;
const KEPT_PICTURES = 16;

export function pairingParams(view: HeadView, mount: Mount, subpagePeriodMs: number): PairingParams {
  return {
    view,
    registration: createRegistration({ ...view, mount }),
    slackPx: SLACK_RAD * pixelsPerRadian(view),
    subpagePeriodMs,
  };
}

/** Takes in a thermal picture: what it shows is, on average, one subpage period old. */
export function seePicture(pairing: Pairing, { toC, atMs }: Thermogram, params: PairingParams): Pairing {
  const picture = { toC, atMs: atMs - params.subpagePeriodMs };
  return { ...pairing, pictures: [...pairing.pictures, picture].slice(-KEPT_PICTURES) };
}

/** Takes in a camera frame's faces: every picture since the last one is paired with the face as it was then. */
export function seeFaces(
  pairing: Pairing,
  faces: readonly Face[],
  atMs: number,
  params: PairingParams,
): Paired {
  const [face, another] = faces;
  const without = (noPair: NoPair): Paired => ({
    pairing: { sighting: null, pictures: [] },
    pairs: [],
    noPair,
  });
  if (face === undefined) return without('nobody');
  if (another !== undefined) return without('not-alone');
  if (!isFrontal(face)) return without('not-frontal');
  const now: Sighting = { face, atMs };
  const before = pairing.sighting;
  const next: Pairing = { sighting: now, pictures: pairing.pictures.filter((one) => one.atMs > atMs) };
  if (before === null || atMs - before.atMs > GAP_MS) return { pairing: next, pairs: [], noPair: null };

  const speed = speedPx(before, now, params);
  if (!(speed * 2 * params.subpagePeriodMs <= STILL_PX))
    return { pairing: next, pairs: [], noPair: 'moving' };
  const found = pairing.pictures
    .filter((picture) => picture.atMs >= before.atMs && picture.atMs <= atMs)
    .map((picture) => pairOf(picture, before, now, params));
  return {
    pairing: next,
    pairs: found.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    noPair: found.find((one) => typeof one === 'string') ?? null,
  };
}

/** Pairs one still face with one picture. */
export function pairStill(
  face: Face,
  toC: Float32Array,
  { view, registration, slackPx }: Omit<PairingParams, 'subpagePeriodMs'>,
): FacePair | NoHead {
  const region = registration.locate(face);
  if (region === null) return 'other-size';
  const found = findHead({ toC }, view.upright, uprightRect(region.face, view), slackPx);
  return found.kind === 'head' ? { face, head: found.head } : found.reason;
}

function pairOf(picture: Picture, before: Sighting, now: Sighting, params: PairingParams): FacePair | NoHead {
  const share = (picture.atMs - before.atMs) / (now.atMs - before.atMs);
  return pairStill(faceBetween(before.face, now.face, share), picture.toC, params);
}

/** Thermal pixels a face moves in a millisecond, sideways or by growing. */
function speedPx(before: Sighting, now: Sighting, { registration }: PairingParams): number {
  const from = registration.locate(before.face)?.face;
  const to = registration.locate(now.face)?.face;
  if (from === undefined || to === undefined) return Number.NaN;
  const [a, b] = [centreOf(from), centreOf(to)];
  return (Math.hypot(b.x - a.x, b.y - a.y) + Math.abs(to.width - from.width) / 2) / (now.atMs - before.atMs);
}

function faceBetween(a: Face, b: Face, share: number): Face {
  const between = (from: number, to: number): number => from + (to - from) * share;
  return {
    box: {
      x: between(a.box.x, b.box.x),
      y: between(a.box.y, b.box.y),
      width: between(a.box.width, b.box.width),
      height: between(a.box.height, b.box.height),
    },
    score: Math.min(a.score, b.score),
    keyPoints: a.keyPoints.flatMap((point, index): readonly Point[] => {
      const other = b.keyPoints[index];
      return other === undefined ? [] : [{ x: between(point.x, other.x), y: between(point.y, other.y) }];
    }),
  };
}

function uprightRect(rect: Rect, { upright }: HeadView): Rect {
  const a = upright.turned({ x: rect.x, y: rect.y });
  const b = upright.turned({ x: rect.x + rect.width, y: rect.y + rect.height });
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}
