import type { Random } from './random.ts';

/** Error that a sensor adds to readings, degC. */
export type ReadingError = Readonly<{
  /** Standard deviation of what differs from reading to reading. */
  noiseC: number;
  /** Standard deviation over all readings of a random walk from one to the next. */
  driftC: number;
  /** Standard deviation with which a reference body in view tells the drift; null: there is none. */
  referenceBodyC: number | null;
}>;

/** One error for each of `count` readings in their order. */
export function readingErrors(
  count: number,
  { noiseC, driftC, referenceBodyC }: ReadingError,
  random: Random,
): readonly number[] {
  const drift = randomWalk(count, random).map((step) => driftC * step);
  return drift.map((driftNow) => {
    const noise = noiseC * random.normal();
    return noise + (referenceBodyC === null ? driftNow : referenceBodyC * random.normal());
  });
}

/** A walk of normal steps, moved and scaled to mean 0 and standard deviation 1. */
function randomWalk(count: number, random: Random): readonly number[] {
  let at = 0;
  const walk = Array.from({ length: count }, () => {
    at += random.normal();
    return at;
  });
  const mean = walk.reduce((sum, value) => sum + value, 0) / count;
  const sd = Math.sqrt(walk.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  return walk.map((value) => (sd === 0 ? 0 : (value - mean) / sd));
}
