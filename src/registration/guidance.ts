import type { Signal } from '../domain/signal.ts';
import { faceDistanceM } from './geometry.ts';
import { asideRad, type HeadView } from './head-model.ts';
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
/** A little farther than a calibration asks for. */
const ASIDE_RAD = 0.1;
/** The way through the cells (band * 3 + side): down one side, up the middle, so that no step is long. */
const FIRST_CELL = 1;
const ROUTE = [FIRST_CELL, 0, 3, 6, 7, 8, 5, 2, 4];

export const noWalkYet: Guidance = {
  pairs: [],
  lastPairMs: Number.NEGATIVE_INFINITY,
  counts: BANDS.flatMap(() => SIDES.map(() => 0)),
  skipped: [],
  wanted: FIRST_CELL,
  wantedSinceMs: Number.NaN,
  at: null,
  signal: 'look-here',
};

type Seen = Readonly<{ pairs: readonly FacePair[]; noPair: NoPair | null; place: Cell | null }>;

/** Takes in what one camera frame brought, and says where to go. `place`: the only face in view. */
export function guide(before: Guidance, seen: Seen, atMs: number, view: HeadView): Guidance {
  const collected = collect(before, seen.pairs, atMs, view);
  const next = nextCell(collected, seen.place !== null, atMs);
  return { ...collected, ...next, at: seen.place, signal: signalFor(next.wanted, seen.place, seen.noPair) };
}

/** Keeps the pairs of cells that are not full, not too soon after one another. */
function collect(before: Guidance, seen: readonly FacePair[], atMs: number, view: HeadView): Guidance {
  let { lastPairMs } = before;
  const pairs = [...before.pairs];
  const counts = [...before.counts];
  for (const pair of seen) {
    const cell = cellOfPair(pair, view);
    const index = cell === null ? -1 : indexOf(cell);
    if (cell === null || atMs - lastPairMs < APART_MS || (counts[index] ?? 0) >= CELL_FULL) continue;
    pairs.push(pair);
    counts[index] = (counts[index] ?? 0) + 1;
    lastPairMs = atMs;
  }
  return { ...before, pairs, counts, lastPairMs };
}

type Wanting = Pick<Guidance, 'wanted' | 'wantedSinceMs' | 'skipped'>;

/** The cell to go to: the next on the route when one is full, or cannot be reached. */
function nextCell(
  { wanted, wantedSinceMs, skipped, counts }: Guidance,
  isSeen: boolean,
  atMs: number,
): Wanting {
  if (wanted === null) return { wanted, wantedSinceMs, skipped };
  // Nobody is on the way before somebody is seen.
  const sinceMs = Number.isNaN(wantedSinceMs) && isSeen ? atMs : wantedSinceMs;
  const isFull = (counts[wanted] ?? 0) >= CELL_FULL;
  const isLate = !isFull && atMs - sinceMs > (isSeen ? PATIENCE_MS : OUT_OF_VIEW_MS);
  if (!isFull && !isLate) return { wanted, wantedSinceMs: sinceMs, skipped };
  const givenUp = isLate ? [...skipped, wanted] : skipped;
  return {
    wanted: ROUTE.find((cell) => (counts[cell] ?? 0) < CELL_FULL && !givenUp.includes(cell)) ?? null,
    wantedSinceMs: isSeen ? atMs : Number.NaN,
    skipped: givenUp,
  };
}

/** Where in the field a head is; null without a distance. */
function cellOfPair({ face, head }: FacePair, view: HeadView): Cell | null {
  const distanceM = faceDistanceM(face.box, view.camera, view.faceBoxWidthM);
  return distanceM === null ? null : cellAt(distanceM, asideRad((head.left + head.right) / 2, view));
}

/** @param aside direction to the right of the upright thermal picture's middle, radians */
export function cellAt(distanceM: number, aside: number): Cell {
  return {
    band: distanceM < NEAR_BELOW_M ? 'near' : distanceM > FAR_ABOVE_M ? 'far' : 'middle',
    side: aside < -ASIDE_RAD ? 'left' : aside > ASIDE_RAD ? 'right' : 'middle',
  };
}

function cellOf(index: number): Cell {
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
