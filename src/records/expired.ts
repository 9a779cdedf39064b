import type { StoredVisit } from './stored-visit.ts';

const DAY_MS = 86_400_000;

/**
 * Numbers of the visits that are too old to be kept: every one up to the last that is known to be. A visit of doubtful
 * time goes with the next one that can be trusted.
 * @param nowMs Unix time in ms, synchronised
 */
export function expiredVisits(
  visits: readonly StoredVisit[],
  maximumAgeDays: number,
  nowMs: number,
): readonly number[] {
  const oldestMs = nowMs - maximumAgeDays * DAY_MS;
  const last = visits.findLastIndex(
    ({ time, time_trusted }) => time_trusted !== false && Date.parse(time) < oldestMs,
  );
  return visits.slice(0, last + 1).map(({ number }) => number);
}
