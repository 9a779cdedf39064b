/** Keeps the odds of a certainty finite. */
const LEAST = 1e-7;

/** What several looks at the same thing say together: the mean of their log odds, as a probability; NaN of none. */
export function meanProbability(probabilities: readonly number[]): number {
  const [only] = probabilities;
  if (only !== undefined && probabilities.length === 1) return only;
  const sum = probabilities.reduce((total, probability) => {
    const kept = Math.min(1 - LEAST, Math.max(LEAST, probability));
    return total + Math.log(kept / (1 - kept));
  }, 0);
  return 1 / (1 + Math.exp(-sum / probabilities.length));
}
