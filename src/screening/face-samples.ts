import { centreOf, type Rect } from '../domain/geometry.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import { THERMAL_COLUMNS, THERMAL_PIXELS, type Thermogram } from '../domain/thermogram.ts';

/**
 * Thermal samples of one face that stands still: a recursive mean per pixel. Averaging the picture first and taking a
 * statistic of the average later avoids the bias of averaged maxima (about +1 degC for a single frame's maximum). Skin
 * does not change within a visit, so the mean is what a Kalman filter of a constant comes to.
 */
export type FaceSamples = Readonly<{
  /** Where the face was when the sampling began. */
  anchor: ThermalRegion;
  /** Where it was on average over the subpages taken in: single boxes scatter by more than the face moves. */
  region: ThermalRegion;
  startedAtMs: number;
  lastAtMs: number;
  /** Subpages taken in. */
  subpages: number;
  /** Per pixel: number, sum and sum of squares of the samples (degC, less {@link REFERENCE_C}). */
  count: Uint16Array;
  sum: Float64Array;
  sumOfSquares: Float64Array;
}>;

/** What the scene adds to a thermogram before it is sampled. */
export type SamplingConditions = Readonly<{
  /** Added to every value, degC: what a reference in view shows the sensor to be wrong by. */
  offsetC: number;
  /** 1 where something else than skin is seen: left out. */
  masked: Uint8Array;
}>;

const AS_SEEN: SamplingConditions = { offsetC: 0, masked: new Uint8Array(THERMAL_PIXELS) };

/** Sums are kept about this temperature so that their squares keep their digits. */
const REFERENCE_C = 34;

/** No samples yet, for a face at `region`. */
export function startSamples(region: ThermalRegion, atMs: number): FaceSamples {
  return {
    anchor: region,
    region,
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

/**
 * Adds the pixels that the thermogram's newer subpage brought (chess pattern), for a face then at `region`; interpolated
 * and masked ones stay out.
 */
export function addThermogram(
  samples: FaceSamples,
  thermogram: Thermogram,
  region: ThermalRegion = samples.anchor,
  { offsetC, masked }: SamplingConditions = AS_SEEN,
): FaceSamples {
  const count = samples.count.slice();
  const sum = samples.sum.slice();
  const sumOfSquares = samples.sumOfSquares.slice();
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const row = Math.floor(pixel / THERMAL_COLUMNS);
    if (((row + pixel) & 1) !== chessParityOf(thermogram)) continue;
    const value = thermogram.toC[pixel] ?? Number.NaN;
    if (Number.isNaN(value) || thermogram.interpolated[pixel] === 1 || masked[pixel] === 1) continue;
    const above = value + offsetC - REFERENCE_C;
    count[pixel] = (count[pixel] ?? 0) + 1;
    sum[pixel] = (sum[pixel] ?? 0) + above;
    sumOfSquares[pixel] = (sumOfSquares[pixel] ?? 0) + above * above;
  }
  const subpages = samples.subpages + 1;
  return {
    ...samples,
    region: towards(samples.region, region, 1 / subpages),
    lastAtMs: thermogram.atMs,
    subpages,
    count,
    sum,
    sumOfSquares,
  };
}

/** Chess pixels of a subpage have row + column of this parity; undoing the array's mirroring swaps it. */
function chessParityOf(thermogram: Thermogram): number {
  return thermogram.mirrored ? 1 - thermogram.subpage : thermogram.subpage;
}

/** The region a share of the way from one to another. */
function towards(from: ThermalRegion, to: ThermalRegion, share: number): ThermalRegion {
  const mix = (a: number, b: number): number => a + share * (b - a);
  const mixed = (a: Rect, b: Rect): Rect => ({
    x: mix(a.x, b.x),
    y: mix(a.y, b.y),
    width: mix(a.width, b.width),
    height: mix(a.height, b.height),
  });
  return {
    face: mixed(from.face, to.face),
    upperFace: mixed(from.upperFace, to.upperFace),
    distanceM: mix(from.distanceM, to.distanceM),
    inView: mix(from.inView, to.inView),
  };
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
