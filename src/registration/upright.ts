import type { Point } from '../domain/geometry.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS } from '../domain/thermogram.ts';

/**
 * The thermal picture turned in quarters so that heads point up, for an array that is mounted sideways or upside down.
 * Its pixels are the array's own: nothing is resampled.
 */
export type Upright = Readonly<{
  width: number;
  height: number;
  /** Index in the array's picture of an upright pixel. */
  indexOf(column: number, row: number): number;
  /** A point of the array's picture, upright. */
  turned(point: Point): Point;
}>;

/** The turning for a roll of the array, radians clockwise as it looks. */
export function uprightFor(rollRad: number): Upright {
  const quarters = ((Math.round(rollRad / (Math.PI / 2)) % 4) + 4) % 4;
  const [width, height] = [THERMAL_COLUMNS, THERMAL_ROWS];
  const index = (column: number, row: number): number => row * width + column;
  switch (quarters) {
    case 1:
      return {
        width: height,
        height: width,
        indexOf: (column, row) => index(row, height - 1 - column),
        turned: ({ x, y }) => ({ x: height - y, y: x }),
      };
    case 2:
      return {
        width,
        height,
        indexOf: (column, row) => index(width - 1 - column, height - 1 - row),
        turned: ({ x, y }) => ({ x: width - x, y: height - y }),
      };
    case 3:
      return {
        width: height,
        height: width,
        indexOf: (column, row) => index(width - 1 - row, column),
        turned: ({ x, y }) => ({ x: y, y: width - x }),
      };
    default:
      return { width, height, indexOf: index, turned: (point) => point };
  }
}
