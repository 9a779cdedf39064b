import { type Proportion, proportion } from './proportion.ts';
import type { JudgedVisit } from './replay-visits.ts';
import { type RocArea, rocArea } from './roc.ts';

/** How a decision did on a table of visits. */
export type ScreeningEvaluation = Readonly<{
  /** Visits counted: those after the first ones, with a known truth. */
  visits: number;
  fevers: number;
  /** Of the score, and of the bare reading in its place; null unless there are visits with and without fever. */
  area: RocArea | null;
  rawArea: RocArea | null;
  sensitivity: Proportion | null;
  specificity: Proportion | null;
  falseAlarmsPerDay: number;
  /** Median of the limit, as a score and as a reading, degC. */
  limitScore: number;
  limitC: number;
}>;

/**
 * Counts what was found and what was not.
 * @param skip the first visits, which only taught what is normal
 * @param daysOf calendar days of the visits, for false alarms a day
 */
export function evaluateScreening(
  judged: readonly JudgedVisit[],
  skip: number,
  daysOf: (visits: readonly JudgedVisit[]) => number,
): ScreeningEvaluation {
  const counted = judged
    .slice(skip)
    .flatMap((visit) => (visit.fever === null ? [] : [{ ...visit, fever: visit.fever }]));
  const fevers = counted.filter(({ fever }) => fever);
  const healthy = counted.filter(({ fever }) => !fever);
  const alarms = healthy.filter(isElevated).length;
  return {
    visits: counted.length,
    fevers: fevers.length,
    area: rocArea(counted),
    rawArea: rocArea(counted.map(({ readingC, fever }) => ({ score: readingC, fever }))),
    sensitivity: proportion(fevers.filter(isElevated).length, fevers.length),
    specificity: proportion(healthy.length - alarms, healthy.length),
    falseAlarmsPerDay: alarms / Math.max(1, daysOf(counted)),
    limitScore: median(counted.map(({ limitScore }) => limitScore)),
    limitC: median(counted.map(({ limitC }) => limitC)),
  };
}

function isElevated({ outcome }: JudgedVisit): boolean {
  return outcome === 'elevated';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
