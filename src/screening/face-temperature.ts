import type { ThermalRegion } from '../domain/thermal-region.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS } from '../domain/thermogram.ts';
import type { Reading } from '../domain/visit.ts';
import { type FaceSamples, meanOf, noiseOf } from './face-samples.ts';

/** How the sensor's picture of a face is turned into a temperature. */
export type ThermometryParams = Readonly<{
  /**
   * What the hottest share of a face reads below its hottest spot, by the face's width in thermal pixels: the spot is
   * smaller than a pixel, so the picture blurs it into its cooler surroundings. Ascending widths; between them linear.
   */
  spotSizeLossC: readonly (readonly [facePx: number, lossC: number])[];
  /** Standard uncertainty that averaging over time does not reduce (calibration, fixed pattern, spot size), degC. */
  systematicUncertaintyC: number;
}>;

/** Why a region has no reading. */
export type NoReading = 'too-few-pixels' | 'too-few-samples' | 'no-heat';

export type FaceTemperature =
  | Readonly<{ kind: 'reading'; reading: Reading }>
  | Readonly<{ kind: 'none'; reason: NoReading }>;

/** Share of the upper face's pixels, the hottest ones, whose mean is read. */
const HOTTEST_SHARE = 0.2;
/** What an adult's upper face covers at 1 m through the narrow lens, at the least. */
const MINIMUM_PIXELS = 8;
const MINIMUM_HOTTEST = 3;
const MINIMUM_FREEDOM = 12;
/** Mean of the upper fifth of a normal distribution, in standard deviations: phi(z)/0.2 at z = 0.8416. */
const HOTTEST_SHARE_MEAN = 1.4;
/** Half of a living face is warmer than this even when it comes in from the cold; a photo held up is not, degC. */
const LIVING_SKIN_C = 29;
/**
 * Its hottest spot is warmer than this, and a display that warms itself is not, degC. The coolest of the 603 people of
 * PhysioNet's facial temperatures (doi 10.13026/3bhc-9065) read 33.85.
 */
const LIVING_HOTTEST_C = 32;

/**
 * Face surface temperature at its hottest spot (the inner eye corners), from the hottest fifth of the time-averaged
 * upper face. That share is free of a single noisy maximum, holds when glasses hide the eye corners, and hardly moves
 * when the registration is off by a pixel. Two effects are taken back: noise lifts the mean of the hottest pixels, and
 * the lens' spot size lowers it.
 */
export function faceTemperature(
  samples: FaceSamples,
  region: ThermalRegion,
  params: ThermometryParams,
): FaceTemperature {
  const pixels = pixelsOf(region, samples);
  if (pixels.length < MINIMUM_PIXELS) return { kind: 'none', reason: 'too-few-pixels' };
  const noise = noiseOf(samples, pixels);
  if (noise.freedom < MINIMUM_FREEDOM) return { kind: 'none', reason: 'too-few-samples' };

  const means = Float64Array.from(pixels, (pixel) => meanOf(samples, pixel)).sort();
  const median = means[means.length >> 1] ?? Number.NaN;
  if (!(median >= LIVING_SKIN_C)) return { kind: 'none', reason: 'no-heat' };

  const hottest = means.slice(-Math.max(MINIMUM_HOTTEST, Math.round(means.length * HOTTEST_SHARE)));
  const samplesPerPixel = samples.subpages / 2;
  const noiseOfMeanSquared = noise.variance / samplesPerPixel;
  const spreadC = standardDeviationAbove(means, median);
  const textureC = Math.sqrt(Math.max(0, spreadC * spreadC - noiseOfMeanSquared));
  const noiseLiftC = HOTTEST_SHARE_MEAN * (spreadC - textureC);

  const temperatureC = mean(hottest) - noiseLiftC + spotSizeLoss(region.face.width, params);
  if (temperatureC < LIVING_HOTTEST_C) return { kind: 'none', reason: 'no-heat' };
  const uncertaintyC = Math.sqrt(
    noiseOfMeanSquared / hottest.length + (noiseLiftC / 2) ** 2 + params.systematicUncertaintyC ** 2,
  );
  return { kind: 'reading', reading: { temperatureC, uncertaintyC } };
}

/** Pixels whose centre lies in the upper face and that have samples. */
function pixelsOf(region: ThermalRegion, samples: FaceSamples): readonly number[] {
  const { x, y, width, height } = region.upperFace;
  const pixels: number[] = [];
  const lastRow = Math.min(THERMAL_ROWS - 1, Math.round(y + height) - 1);
  const lastColumn = Math.min(THERMAL_COLUMNS - 1, Math.round(x + width) - 1);
  for (let row = Math.max(0, Math.round(y)); row <= lastRow; row++) {
    for (let column = Math.max(0, Math.round(x)); column <= lastColumn; column++) {
      const pixel = row * THERMAL_COLUMNS + column;
      if ((samples.count[pixel] ?? 0) > 0) pixels.push(pixel);
    }
  }
  return pixels;
}

/**
 * Spread of the warm side of the face about its median, degC: hair and background that the region catches at its edge
 * pull only the cool side.
 */
function standardDeviationAbove(sorted: Float64Array, median: number): number {
  const above = sorted.filter((value) => value >= median);
  return Math.sqrt(mean(above.map((value) => (value - median) ** 2)));
}

function mean(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function spotSizeLoss(facePx: number, params: ThermometryParams): number {
  const table = params.spotSizeLossC;
  const next = table.findIndex(([width]) => width >= facePx);
  const upper = table[next === -1 ? table.length - 1 : next];
  const lower = table[next <= 0 ? (next === 0 ? 0 : table.length - 1) : next - 1];
  if (upper === undefined || lower === undefined) return 0;
  const [lowPx, lowC] = lower;
  const [highPx, highC] = upper;
  return highPx === lowPx ? highC : lowC + ((facePx - lowPx) / (highPx - lowPx)) * (highC - lowC);
}
