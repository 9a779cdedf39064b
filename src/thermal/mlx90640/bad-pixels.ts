import { THERMAL_COLUMNS, THERMAL_PIXELS, THERMAL_ROWS } from '../../domain/thermogram.ts';
import type { Calibration, ReadOut } from './calibration.ts';

/**
 * Melexis' verdict on the marked pixels (datasheet section 9 allows four, none touching): 0 fine, -3 more than four
 * broken, -4 more than four outliers, -5 more than four together, -6 two of them adjacent, corners included.
 */
export type DeviatingPixelStatus = 0 | -3 | -4 | -5 | -6;

const MOST = 4;

/** Judges the marked pixels of a calibration as Melexis' library does. */
export function deviatingPixelStatus({
  broken,
  outlier,
}: Pick<Calibration, 'broken' | 'outlier'>): DeviatingPixelStatus {
  // The library counts pixel by pixel and stops at the fifth of either kind.
  const fifthBroken = broken[MOST] ?? THERMAL_PIXELS;
  const fifthOutlier = outlier[MOST] ?? THERMAL_PIXELS;
  if (fifthBroken < fifthOutlier) return -3;
  if (fifthOutlier < fifthBroken) return -4;
  if (broken.length + outlier.length > MOST) return -5;
  const marked = [...broken, ...outlier];
  const touching = marked.some((a, i) => marked.slice(i + 1).some((b) => areAdjacent(a, b)));
  return touching ? -6 : 0;
}

function areAdjacent(a: number, b: number): boolean {
  const rows = Math.floor(a / THERMAL_COLUMNS) - Math.floor(b / THERMAL_COLUMNS);
  const columns = (a % THERMAL_COLUMNS) - (b % THERMAL_COLUMNS);
  return Math.abs(rows) <= 1 && Math.abs(columns) <= 1;
}

/**
 * Replaces the given pixels' temperatures by their neighbours', in place, as Melexis' BadPixelsCorrection does: in chess
 * read-out the median of the diagonal neighbours, which belong to the same subpage; in interleaved read-out along the
 * row, by the flatter of the two slopes beside the pixel.
 */
export function correctBadPixels(
  toC: Float64Array,
  bad: Pick<Calibration, 'broken' | 'outlier'>,
  readOut: ReadOut,
): void {
  const marked = [...bad.broken, ...bad.outlier];
  for (const pixel of marked) {
    toC[pixel] = readOut === 'chess' ? medianOfDiagonals(toC, pixel) : alongTheRow(toC, pixel, marked);
  }
}

function medianOfDiagonals(toC: Float64Array, pixel: number): number {
  const row = Math.floor(pixel / THERMAL_COLUMNS);
  const column = pixel % THERMAL_COLUMNS;
  const values: number[] = [];
  for (const y of [row - 1, row + 1]) {
    for (const x of [column - 1, column + 1]) {
      const inside = y >= 0 && y < THERMAL_ROWS && x >= 0 && x < THERMAL_COLUMNS;
      const value = inside ? (toC[y * THERMAL_COLUMNS + x] ?? Number.NaN) : Number.NaN;
      if (Number.isFinite(value)) values.push(value);
    }
  }
  values.sort((a, b) => a - b);
  const middle = values.length / 2;
  return ((values[Math.floor(middle)] ?? Number.NaN) + (values[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

function alongTheRow(toC: Float64Array, pixel: number, marked: readonly number[]): number {
  const beside = (columns: number): number => toC[pixel + columns] ?? Number.NaN;
  const column = pixel % THERMAL_COLUMNS;
  if (column === 0) return beside(1);
  if (column === THERMAL_COLUMNS - 1) return beside(-1);
  const nextToEdge = column === 1 || column === THERMAL_COLUMNS - 2;
  if (nextToEdge || marked.includes(pixel - 2) || marked.includes(pixel + 2)) {
    return (beside(-1) + beside(1)) / 2;
  }
  const fromRight = beside(1) - beside(2);
  const fromLeft = beside(-1) - beside(-2);
  return Math.abs(fromRight) > Math.abs(fromLeft) ? beside(-1) + fromLeft : beside(1) + fromRight;
}
