/** Density of a normal distribution with mean 0 at `x`. */
export function normalDensity(x: number, variance: number): number {
  return Math.exp((-x * x) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}

/** Share of a standard normal distribution above `z`; absolute error below 7.5e-8 (Abramowitz and Stegun 26.2.17). */
export function shareAbove(z: number): number {
  if (z < 0) return 1 - shareAbove(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return normalDensity(z, 1) * series;
}

const LARGEST_Z = 8;

/** The `z` that a standard normal distribution has a `share` (0..1, exclusive) above; the inverse of {@link shareAbove}. */
export function zOfShareAbove(share: number): number {
  let low = -LARGEST_Z;
  let high = LARGEST_Z;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (shareAbove(middle) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A standard normal distribution cut off above `z`: its mean (negative) and its mean square. */
export function momentsBelow(z: number): Readonly<{ mean: number; meanSquare: number }> {
  const hazard = normalDensity(z, 1) / (1 - shareAbove(z));
  return { mean: -hazard, meanSquare: 1 - z * hazard };
}
