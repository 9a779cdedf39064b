/** Readings of recent visitors, newest last, degC: what "normal today, at this door" means. */
export type Baseline = Readonly<{ readingsC: readonly number[] }>;

/** How many visitors make a baseline. */
export type BaselineParams = Readonly<{
  /** Readings kept. */
  visitors: number;
  /** Readings below which there is no baseline yet. */
  minimumVisitors: number;
}>;

export const emptyBaseline: Baseline = { readingsC: [] };

/** The baseline after a visitor. Elevated visitors must be kept out by the caller: fever must not become normal. */
export function addToBaseline(baseline: Baseline, readingC: number, params: BaselineParams): Baseline {
  return { readingsC: [...baseline.readingsC, readingC].slice(-params.visitors) };
}

/**
 * The recent visitors' median, degC, or null while there are too few. A median follows the sensor's drift and the
 * weather, and a few feverish people among the visitors hardly move it.
 */
export function baselineOf(baseline: Baseline, params: BaselineParams): number | null {
  if (baseline.readingsC.length < params.minimumVisitors) return null;
  const sorted = [...baseline.readingsC].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
