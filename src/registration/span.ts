import { faceDistanceM } from './geometry.ts';
import { asideRad, type HeadView } from './head-model.ts';
import type { FacePair } from './solve-mount.ts';

/** How much of the field some pairs cover. */
export type Span = Readonly<{
  pairs: number;
  /** Distances that nine in ten of the pairs lie between, metres. */
  nearestM: number;
  farthestM: number;
  /** Share of the pairs left and right of the thermal picture's middle. */
  leftShare: number;
  rightShare: number;
  /** Share of the pairs whose eyes are in the upper and in the lower half of the camera's picture. */
  upShare: number;
  downShare: number;
  /** Pairs whose crown was in view: only they tell up from down. */
  crowns: number;
  crownNearestM: number;
  crownFarthestM: number;
}>;

/** Why pairs are not enough, and what whoever walks there can do about it. */
export type SpanFault = Readonly<{
  fault: 'too-few-pairs' | 'no-distance' | 'no-left' | 'no-right' | 'no-crown';
  reason: string;
  remedy: string;
}>;

const PAIRS = 24;
const DISTANCE_RATIO = 1.6;
const SIDE_SHARE = 0.12;
const CROWNS = 10;
const CROWN_RATIO = 1.25;
/** So far beside the thermal picture's middle counts as left and right, radians. */
const ASIDE_RAD = 0.08;

export function spanOf(pairs: readonly FacePair[], view: HeadView): Span {
  const { camera, faceBoxWidthM } = view;
  const share = (counts: (pair: FacePair) => boolean): number =>
    pairs.length === 0 ? 0 : pairs.filter(counts).length / pairs.length;
  const place = ({ head }: FacePair): number => asideRad((head.left + head.right) / 2, view);
  const distances = (some: readonly FacePair[]): readonly number[] =>
    some
      .flatMap(({ face }) => faceDistanceM(face.box, camera, faceBoxWidthM) ?? [])
      .toSorted((a, b) => a - b);
  const all = distances(pairs);
  const withCrown = pairs.filter(({ head }) => head.top !== null);
  const ofCrowns = distances(withCrown);
  const isUp = ({ face }: FacePair): boolean => face.box.y + face.box.height / 2 < camera.height / 2;
  return {
    pairs: pairs.length,
    nearestM: quantile(all, 0.05),
    farthestM: quantile(all, 0.95),
    leftShare: share((pair) => place(pair) < -ASIDE_RAD),
    rightShare: share((pair) => place(pair) > ASIDE_RAD),
    upShare: share(isUp),
    downShare: share((pair) => !isUp(pair)),
    crowns: withCrown.length,
    crownNearestM: quantile(ofCrowns, 0.05),
    crownFarthestM: quantile(ofCrowns, 0.95),
  };
}

/** What a span lacks; empty when it is enough. */
export function faultsOf(span: Span): readonly SpanFault[] {
  const faults: SpanFault[] = [];
  if (span.pairs < PAIRS) {
    faults.push({
      fault: 'too-few-pairs',
      reason: `${span.pairs} usable moments, ${PAIRS} are needed`,
      remedy: 'one person alone, face to the gate, standing still for a moment at each place',
    });
  }
  const ratio = span.farthestM / span.nearestM;
  if (!(ratio >= DISTANCE_RATIO)) {
    faults.push({
      fault: 'no-distance',
      reason: `distances from ${metres(span.nearestM)} to ${metres(span.farthestM)} m, the farthest must be ${DISTANCE_RATIO} times the nearest`,
      remedy: 'stand at arm’s length (0.5 m), and then a big step back (1 m)',
    });
  }
  const sides = [
    ['no-left', 'left', span.leftShare],
    ['no-right', 'right', span.rightShare],
  ] as const;
  for (const [fault, side, share] of sides) {
    if (share >= SIDE_SHARE) continue;
    faults.push({
      fault,
      reason: `${percent(share)} of the moments on the ${side} of the thermal picture, ${percent(SIDE_SHARE)} are needed`,
      remedy: 'step aside by a head’s width, both ways, near and far',
    });
  }
  const crownRatio = span.crownFarthestM / span.crownNearestM;
  if (span.crowns < CROWNS || !(crownRatio >= CROWN_RATIO)) {
    faults.push({
      fault: 'no-crown',
      reason: `the top of the head was in the thermal picture in ${span.crowns} moments, ${CROWNS} at different distances are needed`,
      remedy: 'stand farther away or bend the knees; no hat or hood; else tilt the gate up',
    });
  }
  return faults;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function metres(value: number): string {
  return Number.isNaN(value) ? '?' : value.toFixed(2);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
