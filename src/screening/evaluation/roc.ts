/** A scored visit with the truth about it. */
export type Scored = Readonly<{ score: number; fever: boolean }>;

/** Area under the ROC curve with its 95 % interval. */
export type RocArea = Readonly<{ area: number; low: number; high: number }>;

/** One cut: what it finds of those with fever, and of those without. */
export type RocPoint = Readonly<{ score: number; sensitivity: number; falseAlarmShare: number }>;

const Z95 = 1.959964;

/**
 * The chance that somebody with fever scores above somebody without (ties count half), with its interval by DeLong,
 * DeLong and Clarke-Pearson, Biometrics 44 (1988) 837; null unless there are both.
 */
export function rocArea(visits: readonly Scored[]): RocArea | null {
  const fevers = sortedScores(visits, true);
  const healthy = sortedScores(visits, false);
  if (fevers.length === 0 || healthy.length === 0) return null;
  const above = fevers.map((score) => shareBelow(healthy, score));
  const below = healthy.map((score) => 1 - shareBelow(fevers, score));
  const area = mean(above);
  const half = Z95 * Math.sqrt(variance(above) / fevers.length + variance(below) / healthy.length);
  return { area, low: Math.max(0, area - half), high: Math.min(1, area + half) };
}

/** The curve from "nobody is elevated" to "everybody is". */
export function rocCurve(visits: readonly Scored[]): readonly RocPoint[] {
  const fevers = sortedScores(visits, true);
  const healthy = sortedScores(visits, false);
  const cuts = [...new Set(visits.map(({ score }) => score))].sort((a, b) => b - a);
  const pointAt = (score: number): RocPoint => ({
    score,
    sensitivity: shareFrom(fevers, score),
    falseAlarmShare: shareFrom(healthy, score),
  });
  return [{ score: Number.POSITIVE_INFINITY, sensitivity: 0, falseAlarmShare: 0 }, ...cuts.map(pointAt)];
}

function sortedScores(visits: readonly Scored[], fever: boolean): readonly number[] {
  return visits
    .filter((visit) => visit.fever === fever)
    .map(({ score }) => score)
    .sort((a, b) => a - b);
}

/** Share of sorted values below `value`; equal ones count half. */
function shareBelow(sorted: readonly number[], value: number): number {
  const first = firstIndex(sorted, (other) => other >= value);
  const after = firstIndex(sorted, (other) => other > value);
  return (first + after) / 2 / sorted.length;
}

function shareFrom(sorted: readonly number[], value: number): number {
  return sorted.length === 0 ? 0 : 1 - firstIndex(sorted, (other) => other >= value) / sorted.length;
}

/** By halving; `sorted.length` when it holds for none. */
function firstIndex(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle];
    if (value !== undefined && holds(value)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample; 0 of a single value. */
function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
