import type { CheckVerdict } from '../domain/visit.ts';

/** Fewer verdicts move nothing: a week's chance is no finding. */
const FEWEST = 20;
/** The limit moves at most so far, in such steps, degC. */
const MOST_SHIFT_C = 0.3;
const STEP_C = 0.05;
/** A fever that would have passed weighs as much as so many healthy visitors stopped. */
const FEVER_WEIGHT = 3;
/** And a step away from the configured share as much as so many: no single entry, right or wrong, moves the limit. */
const STEP_WEIGHT = 3;

/**
 * How far guards' clinical thermometers say that the limit should move, degC: to where the checked visitors would have
 * been answered best, fevers that pass weighing more than healthy visitors stopped. Zero until enough were checked.
 * @param aboveNormalC where the limit is without them, degC above normal
 */
export function verdictShiftC(verdicts: readonly CheckVerdict[], aboveNormalC: number): number {
  if (verdicts.length < FEWEST) return 0;
  const cost = (steps: number): number => {
    const limitC = aboveNormalC + steps * STEP_C;
    const wrong = verdicts.reduce((sum, { aboveNormalC: readC, confirmed }) => {
      if (confirmed) return sum + (readC < limitC ? FEVER_WEIGHT : 0);
      return sum + (readC >= limitC ? 1 : 0);
    }, 0);
    return wrong + STEP_WEIGHT * Math.abs(steps);
  };
  const most = Math.round(MOST_SHIFT_C / STEP_C);
  let best = 0;
  for (let steps = 1; steps <= most; steps++) {
    for (const candidate of [-steps, steps]) if (cost(candidate) < cost(best)) best = candidate;
  }
  return best * STEP_C;
}
