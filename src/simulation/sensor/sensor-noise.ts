import { THERMAL_PIXELS } from '../../domain/thermogram.ts';
import { seededRandom } from '../random.ts';
import type { WordNoise } from './ram-words.ts';

/** How a simulated sensor errs beside its calibration. */
export interface SensorNoise {
  /** Noise of the words, for subpages at this rate. */
  readonly words: (refreshRateHz: number) => WordNoise;
  /** Adds to `toC` what the sensor reads wrong at this time: slow drift, common and per pixel. */
  drift(atMs: number, toC: Float64Array): void;
  /** The common part of it at the time of the last drift, degC. */
  commonDriftC(): number;
}

/**
 * White noise of one pixel at one subpage a second, counts at 18 bits. Constant in counts, it gives the datasheet's NETD
 * for both lenses (figure 19): more in the less sensitive corners, growing with the square root of the rate.
 */
const PIXEL_NOISE_COUNTS = 1.27;
const SUPPLY_NOISE_V = 0.005;
/** 1/f noise, as a first-order process: sd and time constant of each pixel and of all together. No data are published. */
const PIXEL_DRIFT_C = 0.04;
const PIXEL_DRIFT_MS = 100_000;
const COMMON_DRIFT_C = 0.1;
const COMMON_DRIFT_MS = 1_200_000;

export function seededNoise(seed: number): SensorNoise {
  const random = seededRandom(seed);
  const drifts = random.fork();
  const pixels = Float64Array.from({ length: THERMAL_PIXELS }, () => PIXEL_DRIFT_C * drifts.normal());
  let common = COMMON_DRIFT_C * drifts.normal();
  let driftedAtMs: number | null = null;
  const perRate = new Map<number, WordNoise>();

  return {
    words(refreshRateHz) {
      const known = perRate.get(refreshRateHz);
      if (known !== undefined) return known;
      const counts = PIXEL_NOISE_COUNTS * Math.sqrt(refreshRateHz);
      const noise: WordNoise = {
        pixel: () => counts * random.normal(),
        ptat: () => Math.floor(random.uniform() * 3) - 1,
        supplyV: () => SUPPLY_NOISE_V * random.normal(),
      };
      perRate.set(refreshRateHz, noise);
      return noise;
    },
    drift(atMs, toC) {
      const elapsedMs = driftedAtMs === null ? 0 : atMs - driftedAtMs;
      driftedAtMs = atMs;
      const kept = Math.exp(-elapsedMs / PIXEL_DRIFT_MS);
      const renewed = PIXEL_DRIFT_C * Math.sqrt(1 - kept * kept);
      const keptCommon = Math.exp(-elapsedMs / COMMON_DRIFT_MS);
      common =
        keptCommon * common + COMMON_DRIFT_C * Math.sqrt(1 - keptCommon * keptCommon) * drifts.normal();
      for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
        const drift = kept * (pixels[pixel] ?? 0) + renewed * drifts.normal();
        pixels[pixel] = drift;
        toC[pixel] = (toC[pixel] ?? 0) + drift + common;
      }
    },
    commonDriftC: () => common,
  };
}
