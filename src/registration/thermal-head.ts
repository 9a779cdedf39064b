import type { Rect } from '../domain/geometry.ts';
import type { Thermogram } from '../domain/thermogram.ts';
import type { Upright } from './upright.ts';
import { warmBlobNear } from './warm-blob.ts';

/** The outline of a head in the upright thermal picture, thermal pixels. */
export type ThermalHead = Readonly<{
  /** Where the picture crosses half the contrast between skin and wall, at the level of the eyes. */
  left: number;
  right: number;
  /**
   * Upper edge of as much skin as gives the warmth above the eyes: the hair counts by its share of the contrast. Unlike
   * a crossing, this sum does not depend on how far away the head is. Null: the crown is out of view.
   */
  top: number | null;
}>;

/** Why a picture shows no head where one is expected. */
export type NoHead = 'no-heat' | 'out-of-view' | 'other-size' | 'elsewhere';

export type HeadFound =
  | Readonly<{ kind: 'head'; head: ThermalHead }>
  | Readonly<{ kind: 'none'; reason: NoHead }>;

/** Rows of the eyes below the outline's top, in head widths. */
const EYES_FROM = 0.35;
const EYES_TO = 0.75;
/** Pixels between an edge and what counts as wall, and how many are looked at. */
const WALL_AFTER = 2;
const WALL_PIXELS = 4;
/** Share of the head's width whose columns show the crown. */
const CROWN_SHARE = 0.5;
/** Share of the contrast above which a row is skin, and below which it is wall. */
const SKIN_SHARE = 0.75;
const WALL_SHARE = 0.2;
/** Rows of wall that must be in view above the crown. */
const CROWN_MARGIN = 2;
/** Accepted width against the expected one. */
const SMALLEST = 0.6;
const LARGEST = 1.6;

/**
 * Finds the head that the camera saw, where a first guess of the geometry expects its face, within `slackPx`. Chess
 * pattern: both subpages are one picture here, so the face should be still. Dead pixels are filled from their
 * neighbours; an edge is an average over rows, so one of them hardly moves it.
 */
export function findHead(
  thermogram: Pick<Thermogram, 'toC'>,
  upright: Upright,
  expected: Rect,
  slackPx: number,
): HeadFound {
  const at = filledPicture(thermogram.toC, upright);
  const blob = warmBlobNear(at, upright, expected, slackPx);
  if (blob === null) return none('no-heat');

  const eyesFrom = Math.min(Math.round(blob.top + EYES_FROM * expected.width), upright.height - 2);
  const eyesTo = Math.min(Math.round(blob.top + EYES_TO * expected.width), upright.height - 1);
  // A head whose crown is out of view: the guess says where the eyes are.
  const clippedBy = blob.top > 0 ? 0 : Math.max(0, Math.round(expected.y - 0.6 * expected.width));
  const across = profile(upright.width, eyesFrom + clippedBy, Math.max(eyesFrom + 1, eyesTo) + clippedBy, at);
  const edges = sides(across, blob.column, blob.wallC);
  if (edges === null) return none('out-of-view');
  const width = edges.right - edges.left;
  const ratio = width / expected.width;
  if (ratio < SMALLEST || ratio > LARGEST) return none('other-size');
  const middle = (edges.left + edges.right) / 2;
  if (Math.abs(middle - (expected.x + expected.width / 2)) > slackPx) return none('elsewhere');

  const half = Math.max(0.5, (CROWN_SHARE * width) / 2);
  const down = profile(upright.height, middle - half, middle + half, (row, column) => at(column, row));
  return {
    kind: 'head',
    head: { left: edges.left, right: edges.right, top: crown(down, edges, eyesFrom) },
  };
}

function none(reason: NoHead): HeadFound {
  return { kind: 'none', reason };
}

type Picture = (column: number, row: number) => number;

/** The upright picture, NaN filled with the mean of the neighbours that have a value. */
function filledPicture(toC: Float32Array, { width, height, indexOf }: Upright): Picture {
  const raw: Picture = (column, row) =>
    column < 0 || row < 0 || column >= width || row >= height
      ? Number.NaN
      : (toC[indexOf(column, row)] ?? Number.NaN);
  return (column, row) => {
    const value = raw(column, row);
    if (!Number.isNaN(value)) return value;
    const beside = [raw(column - 1, row), raw(column + 1, row), raw(column, row - 1), raw(column, row + 1)];
    return mean(beside.filter((one) => !Number.isNaN(one)));
  };
}

/** Mean over the lines from `from` to `to` (their parts count in part), for each place across. */
function profile(length: number, from: number, to: number, at: Picture): Float64Array {
  const first = Math.max(0, Math.floor(from));
  const last = Math.ceil(to) - 1;
  return Float64Array.from({ length }, (_, place) => {
    let sum = 0;
    let weights = 0;
    for (let line = first; line <= last; line++) {
      const weight = Math.min(line + 1, to) - Math.max(line, from);
      const value = at(place, line);
      if (Number.isNaN(value) || weight <= 0) continue;
      sum += weight * value;
      weights += weight;
    }
    return weights === 0 ? Number.NaN : sum / weights;
  });
}

type Sides = Readonly<{ left: number; right: number; wallC: number; skinC: number }>;

/** Both half-contrast crossings, each against the wall on its own side; null when either is out of view. */
function sides(across: Float64Array, inside: number, roughWallC: number): Sides | null {
  let wallLeftC = roughWallC;
  let wallRightC = roughWallC;
  let skinC = across[inside] ?? Number.NaN;
  let edges: Readonly<{ left: number; right: number }> | null = null;
  for (let pass = 0; pass < 3; pass++) {
    const left = crossing(across, inside, -1, (skinC + wallLeftC) / 2);
    const right = crossing(across, inside, 1, (skinC + wallRightC) / 2);
    if (left === null || right === null) return null;
    edges = { left, right };
    // The head's middle half: its sides are blurred into the wall.
    const quarter = (right - left) / 4;
    skinC = mean([
      ...across.subarray(
        Math.floor(left + quarter),
        Math.max(Math.ceil(right - quarter), left + quarter + 1),
      ),
    ]);
    wallLeftC = wallBeside(across, left, -1);
    wallRightC = wallBeside(across, right, 1);
    if (Number.isNaN(wallLeftC) || Number.isNaN(wallRightC)) return null;
  }
  return edges === null ? null : { ...edges, wallC: (wallLeftC + wallRightC) / 2, skinC };
}

/** Mean of a few pixels of the wall beyond an edge; NaN when none is in view. */
function wallBeside(across: Float64Array, edge: number, way: -1 | 1): number {
  const near = way < 0 ? Math.floor(edge - WALL_AFTER) - 1 : Math.ceil(edge + WALL_AFTER);
  const values = Array.from({ length: WALL_PIXELS }, (_, index) => across[near + way * index] ?? Number.NaN);
  return mean(values.filter((value) => !Number.isNaN(value)));
}

/** First place where the line falls below `levelC`, going outwards; linear between pixel centres. */
function crossing(line: Float64Array, inside: number, way: -1 | 1, levelC: number): number | null {
  for (let at = inside; at + way >= 0 && at + way < line.length; at += way) {
    const here = line[at] ?? Number.NaN;
    const next = line[at + way] ?? Number.NaN;
    if (here >= levelC && next < levelC) return at + 0.5 + (way * (here - levelC)) / (here - next);
  }
  return null;
}

/** The equivalent upper edge; null when the crown, or the wall above it, is out of view. */
function crown(down: Float64Array, { wallC, skinC }: Sides, eyesRow: number): number | null {
  const share = (row: number): number => ((down[row] ?? Number.NaN) - wallC) / (skinC - wallC);
  let skinRow = Math.min(eyesRow, down.length - 1);
  while (skinRow > 0 && share(skinRow - 1) >= SKIN_SHARE) skinRow--;
  let wallRow = skinRow;
  while (wallRow > 0 && share(wallRow) >= WALL_SHARE) wallRow--;
  const first = wallRow - CROWN_MARGIN + 1;
  if (first < 0 || share(wallRow) >= WALL_SHARE) return null;
  let warmth = 0;
  for (let row = first; row < skinRow; row++) warmth += share(row);
  return skinRow - warmth;
}

/** NaN without values. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
