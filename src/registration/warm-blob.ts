import type { Rect } from '../domain/geometry.ts';
import type { Upright } from './upright.ts';

/** The connected warm part of a thermal picture that lies where a face is expected. */
export type WarmBlob = Readonly<{
  /** First row of it. */
  top: number;
  /** A column well inside its upper part. */
  column: number;
  /** Temperature of what is behind, roughly, degC. */
  wallC: number;
}>;

const WALL_QUANTILE = 0.2;
/** Skin is what so many of the warmest pixels are at least: one of them may be noise or a lamp. */
const SKIN_PIXELS = 4;
/** Skin is at least so warm, and so much warmer than the wall, degC. */
const SKIN_AT_LEAST_C = 28;
const CONTRAST_AT_LEAST_C = 4;
/** Rows of the blob, in expected face widths, that are the head and not the shoulders. */
const HEAD_ROWS = 0.8;
/** Fewer pixels are no head. */
const SMALLEST_BLOB = 3;

/** Null when nothing there is warm enough. */
export function warmBlobNear(
  at: (column: number, row: number) => number,
  { width, height }: Pick<Upright, 'width' | 'height'>,
  expected: Rect,
  slackPx: number,
): WarmBlob | null {
  const lastRow = Math.min(height, Math.ceil(expected.y + expected.height + slackPx));
  const rows = Array.from({ length: Math.max(0, lastRow) }, (_, row) => row);
  const columns = Array.from({ length: width }, (_, column) => column);
  const isNear = (column: number, row: number): boolean =>
    column + 0.5 >= expected.x - slackPx &&
    column + 0.5 <= expected.x + expected.width + slackPx &&
    row + 0.5 >= expected.y - slackPx;
  const pixels = rows.flatMap((row) => columns.map((column) => ({ column, row, valueC: at(column, row) })));
  const near = pixels.filter(({ column, row }) => isNear(column, row));
  const wallC = quantile(
    pixels.map(({ valueC }) => valueC),
    WALL_QUANTILE,
  );
  const core = near.filter(
    ({ column, row }) =>
      Math.abs(column + 0.5 - (expected.x + expected.width / 2)) <= expected.width / 2 + slackPx / 2 &&
      row + 0.5 <= expected.y + expected.height,
  );
  const skinC = core.map(({ valueC }) => valueC).toSorted((a, b) => b - a)[SKIN_PIXELS - 1] ?? Number.NaN;
  if (!(skinC >= SKIN_AT_LEAST_C) || skinC - wallC < CONTRAST_AT_LEAST_C) return null;

  const levelC = (skinC + wallC) / 2;
  const warm = new Set(
    pixels.filter(({ valueC }) => valueC >= levelC).map(({ column, row }) => row * width + column),
  );
  const blobs = componentsOf(warm, width).map((blob) => ({
    blob,
    share: blob.filter((pixel) => isNear(pixel % width, Math.floor(pixel / width))).length,
  }));
  const best = blobs.toSorted((a, b) => b.share - a.share)[0];
  if (best === undefined || best.share < SMALLEST_BLOB) return null;
  const top = Math.min(...best.blob.map((pixel) => Math.floor(pixel / width)));
  const head = best.blob.filter((pixel) => Math.floor(pixel / width) < top + HEAD_ROWS * expected.width);
  const column = Math.round(
    quantile(
      head.map((pixel) => pixel % width),
      0.5,
    ),
  );
  return { top, column, wallC };
}

/** Groups of pixels that touch by an edge. */
function componentsOf(warm: ReadonlySet<number>, width: number): readonly (readonly number[])[] {
  const left = new Set(warm);
  const groups: number[][] = [];
  for (const start of warm) {
    if (!left.delete(start)) continue;
    const group = [start];
    // Grows while it is walked through.
    for (const pixel of group) group.push(...besides(pixel, width).filter((next) => left.delete(next)));
    groups.push(group);
  }
  return groups;
}

function besides(pixel: number, width: number): readonly number[] {
  const column = pixel % width;
  return [
    pixel - width,
    pixel + width,
    ...(column > 0 ? [pixel - 1] : []),
    ...(column < width - 1 ? [pixel + 1] : []),
  ];
}

/** NaN without values; NaN values do not count. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
