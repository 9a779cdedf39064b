import { centreOf } from '../domain/geometry.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import { THERMAL_COLUMNS, THERMAL_PIXELS, type Thermogram } from '../domain/thermogram.ts';

/**
 * Thermal samples of one face that stands still, summed per pixel. Averaging the picture first and taking a statistic
 * of the average later avoids the bias of averaged maxima (about +1 degC for a single frame's maximum).
 */
export type FaceSamples = Readonly<{
  /** Where the face was when the sampling began. */
  anchor: ThermalRegion;
  startedAtMs: number;
  lastAtMs: number;
  /** Subpages taken in. */
  subpages: number;
  /** Per pixel: number, sum and sum of squares of the samples (degC, less {@link REFERENCE_C}). */
  count: Uint16Array;
  sum: Float64Array;
  sumOfSquares: Float64Array;
}>;

/** Sums are kept about this temperature so that their squares keep their digits. */
const REFERENCE_C = 34;

/** No samples yet, for a face at `region`. */
export function startSamples(region: ThermalRegion, atMs: number): FaceSamples {
  return {
    anchor: region,
    startedAtMs: atMs,
    lastAtMs: atMs,
    subpages: 0,
    count: new Uint16Array(THERMAL_PIXELS),
    sum: new Float64Array(THERMAL_PIXELS),
    sumOfSquares: new Float64Array(THERMAL_PIXELS),
  };
}

/** How far a face has moved since its sampling began, sideways or by growing towards the gate, thermal pixels. */
export function movedPx(samples: FaceSamples, region: ThermalRegion): number {
  const from = centreOf(samples.anchor.face);
  const to = centreOf(region.face);
  const growth = Math.abs(region.face.width - samples.anchor.face.width) / 2;
  return Math.hypot(to.x - from.x, to.y - from.y) + growth;
}

/** Adds the pixels that the thermogram's newer subpage brought (chess pattern); interpolated ones stay out. */
export function addThermogram(samples: FaceSamples, thermogram: Thermogram): FaceSamples {
  const count = samples.count.slice();
  const sum = samples.sum.slice();
  const sumOfSquares = samples.sumOfSquares.slice();
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const row = Math.floor(pixel / THERMAL_COLUMNS);
    if (((row + pixel) & 1) !== chessParityOf(thermogram)) continue;
    const value = thermogram.toC[pixel] ?? Number.NaN;
    if (Number.isNaN(value) || thermogram.interpolated[pixel] === 1) continue;
    const above = value - REFERENCE_C;
    count[pixel] = (count[pixel] ?? 0) + 1;
    sum[pixel] = (sum[pixel] ?? 0) + above;
    sumOfSquares[pixel] = (sumOfSquares[pixel] ?? 0) + above * above;
  }
  return {
    ...samples,
    lastAtMs: thermogram.atMs,
    subpages: samples.subpages + 1,
    count,
    sum,
    sumOfSquares,
  };
}

/** Chess pixels of a subpage have row + column of this parity; undoing the array's mirroring swaps it. */
function chessParityOf(thermogram: Thermogram): number {
  return thermogram.mirrored ? 1 - thermogram.subpage : thermogram.subpage;
}

/** Mean of one pixel's samples, degC; NaN without samples. */
export function meanOf(samples: FaceSamples, pixel: number): number {
  const count = samples.count[pixel] ?? 0;
  return count === 0 ? Number.NaN : REFERENCE_C + (samples.sum[pixel] ?? 0) / count;
}

/** Variance of a single sample about its pixel's mean, degC squared, with its degrees of freedom. */
export function noiseOf(
  samples: FaceSamples,
  pixels: readonly number[],
): Readonly<{ variance: number; freedom: number }> {
  let squares = 0;
  let freedom = 0;
  for (const pixel of pixels) {
    const count = samples.count[pixel] ?? 0;
    if (count < 2) continue;
    const sum = samples.sum[pixel] ?? 0;
    squares += (samples.sumOfSquares[pixel] ?? 0) - (sum * sum) / count;
    freedom += count - 1;
  }
  return { variance: freedom === 0 ? Number.NaN : squares / freedom, freedom };
}
