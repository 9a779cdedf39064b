import { type HeatSource, surfaceTemperature } from './body-heat.ts';
import { CANVAS } from './figure.ts';

/** A visitor's surface temperatures on a grid of square cells over the canvas of figure.ts. */
export type HeatLevel = Readonly<{
  /** Side of a cell, metres. */
  cellM: number;
  width: number;
  height: number;
  /**
   * Two numbers a cell, row-major: the mean temperature of its covered part times that part, degC, and the part of it
   * that the visitor covers, 0..1.
   */
  cells: Float32Array;
}>;

/** The same at doubling cell sizes, finest first. */
export type HeatMap = readonly HeatLevel[];

const FINEST_CELL_M = 0.002;
const LEVELS = 4;

/** Surveys a visitor once; later only the grid is looked at. */
export function heatMapOf(source: HeatSource): HeatMap {
  return surveyed((x, y) => surfaceTemperature(source, x, y));
}

/** An evenly warm disc facing the gate. */
export function discHeat(radiusM: number, temperatureC: number): HeatMap {
  return surveyed((x, y) => (Math.hypot(x, y) <= radiusM ? temperatureC : null));
}

function surveyed(temperatureAt: (x: number, y: number) => number | null): HeatMap {
  const width = Math.round(CANVAS.width / FINEST_CELL_M);
  const height = Math.round(CANVAS.height / FINEST_CELL_M);
  const cells = new Float32Array(2 * width * height);
  for (let cell = 0; cell < width * height; cell++) {
    const x = CANVAS.left + ((cell % width) + 0.5) * FINEST_CELL_M;
    const y = CANVAS.top + (Math.floor(cell / width) + 0.5) * FINEST_CELL_M;
    const temperatureC = temperatureAt(x, y);
    if (temperatureC !== null) cells.set([temperatureC, 1], 2 * cell);
  }
  const levels: HeatLevel[] = [{ cellM: FINEST_CELL_M, width, height, cells }];
  for (let level = levels[0]; level !== undefined && levels.length < LEVELS; ) {
    level = coarser(level);
    levels.push(level);
  }
  return levels;
}

/** The coarsest level whose cells are not larger than `cellM`; the finest when all are. */
export function heatLevelFor(map: HeatMap, cellM: number): HeatLevel | undefined {
  return map.findLast((level) => level.cellM <= cellM) ?? map[0];
}

/** Means of 2 x 2 cells; beyond the right edge nobody stands, below the lower edge the last row goes on. */
function coarser(fine: HeatLevel): HeatLevel {
  const width = Math.ceil(fine.width / 2);
  const height = Math.ceil(fine.height / 2);
  const cells = Float32Array.from({ length: 2 * width * height }, (_, index) => {
    const part = index % 2;
    const column = 2 * ((index >> 1) % width);
    const row = 2 * Math.floor((index >> 1) / width);
    const below = Math.min(row + 1, fine.height - 1);
    const at = (x: number, y: number): number =>
      x < fine.width ? (fine.cells[2 * (y * fine.width + x) + part] ?? 0) : 0;
    return (at(column, row) + at(column + 1, row) + at(column, below) + at(column + 1, below)) / 4;
  });
  return { cellM: fine.cellM * 2, width, height, cells };
}
