/** Tells when the sensor has settled thermally after power-on (datasheet section 4, table 5: up to 4 minutes). */
export interface Settling {
  /** Takes in the die temperature, degC, at a time in ms; true when settled. */
  accept(atMs: number, taC: number): boolean;
  restart(): void;
}

const SAMPLE_EVERY_MS = 1000;
const WINDOW_SAMPLES = 60;
/** Shorter records tell no slope: then time alone decides. */
const FEWEST_SAMPLES = 20;
const MS_PER_MINUTE = 60_000;
/** Slopes of Ta, K per minute: settled below the first; unsettled again above the second. */
const CALM_K_PER_MINUTE = 0.1;
const STIRRED_K_PER_MINUTE = 0.5;

export function createSettling(poweredOnAtMs: number, warmUpMs: number): Settling {
  const timesMs = new Float64Array(WINDOW_SAMPLES);
  const tasC = new Float64Array(WINDOW_SAMPLES);
  let samples = 0;
  let lastSampleMs = Number.NEGATIVE_INFINITY;
  let settled = false;

  const slope = (): number => {
    const count = Math.min(samples, WINDOW_SAMPLES);
    return count < FEWEST_SAMPLES ? 0 : slopePerMs(timesMs, tasC, count) * MS_PER_MINUTE;
  };

  return {
    accept(atMs, taC) {
      if (atMs - lastSampleMs >= SAMPLE_EVERY_MS) {
        lastSampleMs = atMs;
        timesMs[samples % WINDOW_SAMPLES] = atMs;
        tasC[samples % WINDOW_SAMPLES] = taC;
        samples++;
        const limit = settled ? STIRRED_K_PER_MINUTE : CALM_K_PER_MINUTE;
        settled = atMs - poweredOnAtMs >= warmUpMs && Math.abs(slope()) < limit;
      }
      return settled;
    },
    restart() {
      samples = 0;
      lastSampleMs = Number.NEGATIVE_INFINITY;
      settled = false;
    },
  };
}

/** Slope of the least squares line through the first `count` points, in any order. */
function slopePerMs(timesMs: Float64Array, values: Float64Array, count: number): number {
  let [sumTime, sumValue] = [0, 0];
  for (let i = 0; i < count; i++) {
    sumTime += timesMs[i] ?? 0;
    sumValue += values[i] ?? 0;
  }
  let [covariance, variance] = [0, 0];
  for (let i = 0; i < count; i++) {
    const time = (timesMs[i] ?? 0) - sumTime / count;
    covariance += time * ((values[i] ?? 0) - sumValue / count);
    variance += time * time;
  }
  return variance === 0 ? 0 : covariance / variance;
}
