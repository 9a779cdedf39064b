import type { Rect } from '../domain/geometry.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS } from '../domain/thermogram.ts';
import { type FaceSamples, meanOf } from './face-samples.ts';

/** A thermal pixel that a region covers, with its averaged temperature. */
export type FacePixel = Readonly<{
  pixel: number;
  /** Centre, thermal pixels. */
  x: number;
  y: number;
  /** Part of the pixel that the region covers, 0..1. */
  cover: number;
  meanC: number;
  samples: number;
}>;

/**
 * A pixel that reads so far above all of its neighbours' median is a deviating one: the lens' blur lets no place of a
 * scene stand out like that. Degrees, and standard deviations of its mean.
 */
const OUTLIER_C = 2;
const OUTLIER_SIGMAS = 5;

/** The pixels under a rectangle of the thermal picture that have samples, each with the part of it that is covered. */
export function pixelsUnder(rect: Rect, samples: FaceSamples): readonly FacePixel[] {
  const pixels: FacePixel[] = [];
  const [right, bottom] = [rect.x + rect.width, rect.y + rect.height];
  for (let row = Math.max(0, Math.floor(rect.y)); row < Math.min(THERMAL_ROWS, bottom); row++) {
    for (let column = Math.max(0, Math.floor(rect.x)); column < Math.min(THERMAL_COLUMNS, right); column++) {
      const pixel = row * THERMAL_COLUMNS + column;
      const count = samples.count[pixel] ?? 0;
      const cover = overlap(column, rect.x, right) * overlap(row, rect.y, bottom);
      if (count === 0 || cover <= 0) continue;
      pixels.push({
        pixel,
        x: column + 0.5,
        y: row + 0.5,
        cover,
        meanC: meanOf(samples, pixel),
        samples: count,
      });
    }
  }
  return pixels;
}

/** How much of the cell from `start` to `start + 1` lies between two ends. */
function overlap(start: number, from: number, to: number): number {
  return Math.min(start + 1, to) - Math.max(start, from);
}

/** Without the pixels that deviate from all around them; `variance` of one sample, degC squared. */
export function withoutOutliers(
  pixels: readonly FacePixel[],
  samples: FaceSamples,
  variance: number,
): readonly FacePixel[] {
  return pixels.filter((one) => {
    const limitC = OUTLIER_C + OUTLIER_SIGMAS * Math.sqrt(variance / one.samples);
    const around = neighboursOf(one.pixel, samples);
    return (
      around.length === 0 || Math.abs(one.meanC - medianOf(around)) <= limitC || !standsOut(one.meanC, around)
    );
  });
}

/** Whether it lies outside everything around it: edges of hair and glasses have a like neighbour. */
function standsOut(meanC: number, around: readonly number[]): boolean {
  return meanC > Math.max(...around) || meanC < Math.min(...around);
}

function neighboursOf(pixel: number, samples: FaceSamples): readonly number[] {
  const [row, column] = [Math.floor(pixel / THERMAL_COLUMNS), pixel % THERMAL_COLUMNS];
  const values: number[] = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(THERMAL_ROWS - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(THERMAL_COLUMNS - 1, column + 1); x++) {
      const other = y * THERMAL_COLUMNS + x;
      if (other !== pixel && (samples.count[other] ?? 0) > 0) values.push(meanOf(samples, other));
    }
  }
  return values;
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Mean over the covered parts, degC. */
export function coveredMeanC(pixels: readonly FacePixel[]): number {
  const total = pixels.reduce((sum, { cover }) => sum + cover, 0);
  return pixels.reduce((sum, { cover, meanC }) => sum + cover * meanC, 0) / total;
}
