import { type HeatSource, surfaceTemperature } from './body-heat.ts';
import { CANVAS } from './figure.ts';

/** A visitor's surface temperatures on a grid of square cells over the canvas of figure.ts. */
export type HeatLevel = Readonly<{
  /** Side of a cell, metres. */
  cellM: number;
  width: number;
  height: number;
  /** Mean temperature of the covered part of a cell times that part, degC. */
  warmth: Float32Array;
  /** Part of a cell that the visitor covers, 0..1. */
  cover: Float32Array;
}>;

/** The same at doubling cell sizes, finest first. */
export type HeatMap = readonly HeatLevel[];

const FINEST_CELL_M = 0.002;
const LEVELS = 4;

/** Surveys a visitor once; later only the grid is looked at. */
export function heatMapOf(source: HeatSource): HeatMap {
  const width = Math.round(CANVAS.width / FINEST_CELL_M);
  const height = Math.round(CANVAS.height / FINEST_CELL_M);
  const warmth = new Float32Array(width * height);
  const cover = new Float32Array(width * height);
  for (let cell = 0; cell < width * height; cell++) {
    const x = CANVAS.left + ((cell % width) + 0.5) * FINEST_CELL_M;
    const y = CANVAS.top + (Math.floor(cell / width) + 0.5) * FINEST_CELL_M;
    const temperatureC = surfaceTemperature(source, x, y);
    if (temperatureC === null) continue;
    warmth[cell] = temperatureC;
    cover[cell] = 1;
  }
  const levels: HeatLevel[] = [{ cellM: FINEST_CELL_M, width, height, warmth, cover }];
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

function coarser(fine: HeatLevel): HeatLevel {
  const width = Math.ceil(fine.width / 2);
  const height = Math.ceil(fine.height / 2);
  return {
    cellM: fine.cellM * 2,
    width,
    height,
    warmth: halved(fine.warmth, fine, width, height),
    cover: halved(fine.cover, fine, width, height),
  };
}

/** Means of 2 x 2 cells; beyond the right edge nobody stands, below the lower edge the last row goes on. */
function halved(plane: Float32Array, fine: HeatLevel, width: number, height: number): Float32Array {
  return Float32Array.from({ length: width * height }, (_, cell) => {
    const column = 2 * (cell % width);
    const row = 2 * Math.floor(cell / width);
    const below = Math.min(row + 1, fine.height - 1);
    const at = (x: number, y: number): number => (x < fine.width ? (plane[y * fine.width + x] ?? 0) : 0);
    return (at(column, row) + at(column + 1, row) + at(column, below) + at(column + 1, below)) / 4;
  });
}
