import type { Signal } from '../domain/signal.ts';
import { faceDistanceM } from './geometry.ts';
import type { HeadView } from './head-model.ts';
import type { NoPair } from './pairing.ts';
import type { FacePair } from './solve-mount.ts';

export const BANDS = ['near', 'middle', 'far'] as const;
/** Sides of the thermal picture, as the array looks. */
export const SIDES = ['left', 'middle', 'right'] as const;
export type Band = (typeof BANDS)[number];
export type Side = (typeof SIDES)[number];
/** A part of the field where somebody is to stand for a moment. */
export type Cell = Readonly<{ band: Band; side: Side }>;

/** What a walk has brought so far, and where it is to go next. */
export type Guidance = Readonly<{
  pairs: readonly FacePair[];
  lastPairMs: number;
  /** Pairs in each cell, band by band. */
  counts: readonly number[];
  /** Cells given up: nobody got there in time. */
  skipped: readonly number[];
  /** Index of the cell that is wanted now, null: nothing is wanted any more. */
  wanted: number | null;
  /** NaN until somebody is seen. */
  wantedSinceMs: number;
  /** Where the person is now. */
  at: Cell | null;
  signal: Signal;
}>;

/** Pairs that fill a cell. */
export const CELL_FULL = 8;
/** Pairs sooner after one another show the same moment twice, ms. */
const APART_MS = 160;
/** A cell is given up after so long, and sooner when the way to it leads out of view, ms. */
const PATIENCE_MS = 5500;
const OUT_OF_VIEW_MS = 2000;
const NEAR_BELOW_M = 0.55;
const FAR_ABOVE_M = 0.95;
const LEFT_BELOW = 0.4;
const RIGHT_ABOVE = 0.6;
/** The way through the cells (band * 3 + side): down one side, up the middle, so that no step is long. */
const ROUTE = [1, 0, 3, 6, 7, 8, 5, 2, 4];

export const noWalkYet: Guidance = {
  pairs: [],
  lastPairMs: Number.NEGATIVE_INFINITY,
  counts: BANDS.flatMap(() => SIDES.map(() => 0)),
  skipped: [],
  wanted: ROUTE[0] ?? null,
  wantedSinceMs: Number.NaN,
  at: null,
  signal: 'look-here',
};

/** Takes in what one camera frame brought, and says where to go. `place`: the only face in view. */
export function guide(
  before: Guidance,
  seen: Readonly<{ pairs: readonly FacePair[]; noPair: NoPair | null; place: Cell | null }>,
  atMs: number,
  view: HeadView,
): Guidance {
  let { lastPairMs } = before;
  const pairs = [...before.pairs];
  const counts = [...before.counts];
  for (const pair of seen.pairs) {
    const cell = cellOfPair(pair, view);
    const index = cell === null ? -1 : indexOf(cell);
    if (cell === null || atMs - lastPairMs < APART_MS || (counts[index] ?? 0) >= CELL_FULL) continue;
    pairs.push(pair);
    counts[index] = (counts[index] ?? 0) + 1;
    lastPairMs = atMs;
  }
  // Nobody is on the way before somebody is seen.
  const starts = Number.isNaN(before.wantedSinceMs) && seen.place !== null;
  const sinceMs = starts ? atMs : before.wantedSinceMs;
  const patienceMs = seen.place === null ? OUT_OF_VIEW_MS : PATIENCE_MS;
  const isDone = before.wanted !== null && (counts[before.wanted] ?? 0) >= CELL_FULL;
  const late = before.wanted !== null && !isDone && atMs - sinceMs > patienceMs;
  const skipped = late && before.wanted !== null ? [...before.skipped, before.wanted] : before.skipped;
  const wanted =
    isDone || late || before.wanted === null
      ? (ROUTE.find((cell) => (counts[cell] ?? 0) < CELL_FULL && !skipped.includes(cell)) ?? null)
      : before.wanted;
  return {
    pairs,
    lastPairMs,
    counts,
    skipped,
    wanted,
    wantedSinceMs: wanted === before.wanted ? sinceMs : seen.place === null ? Number.NaN : atMs,
    at: seen.place,
    signal: signalFor(wanted, seen.place, seen.noPair),
  };
}

/** Where in the field a head is; null without a distance. */
export function cellOfPair({ face, head }: FacePair, view: HeadView): Cell | null {
  const distanceM = faceDistanceM(face.box, view.camera, view.faceBoxWidthM);
  return distanceM === null ? null : cellAt(distanceM, (head.left + head.right) / 2 / view.upright.width);
}

/** @param across place in the upright thermal picture, 0 left to 1 right */
export function cellAt(distanceM: number, across: number): Cell {
  return {
    band: distanceM < NEAR_BELOW_M ? 'near' : distanceM > FAR_ABOVE_M ? 'far' : 'middle',
    side: across < LEFT_BELOW ? 'left' : across > RIGHT_ABOVE ? 'right' : 'middle',
  };
}

export function cellOf(index: number): Cell {
  return { band: BANDS[Math.floor(index / 3)] ?? 'middle', side: SIDES[index % 3] ?? 'middle' };
}

function indexOf({ band, side }: Cell): number {
  return 3 * BANDS.indexOf(band) + SIDES.indexOf(side);
}

/** Light and sound that lead to a cell; left and right are the visitor's own. */
function signalFor(wanted: number | null, at: Cell | null, noPair: NoPair | null): Signal {
  if (noPair === 'not-alone') return 'one-at-a-time';
  if (at === null || wanted === null) return 'look-here';
  const cell = cellOf(wanted);
  const [bandAt, bandTo] = [BANDS.indexOf(at.band), BANDS.indexOf(cell.band)];
  if (bandAt > bandTo) return 'come-closer';
  if (bandAt < bandTo) return 'step-back';
  const [sideAt, sideTo] = [SIDES.indexOf(at.side), SIDES.indexOf(cell.side)];
  // Whoever stands on the picture's left has it on the right hand: they face the array.
  if (sideAt > sideTo) return 'step-right';
  if (sideAt < sideTo) return 'step-left';
  return noPair === 'moving' ? 'hold-still' : 'measuring';
}
