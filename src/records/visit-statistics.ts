import type { Outcome } from '../domain/visit.ts';
import type { StoredVisit } from './stored-visit.ts';

/** Visits by class. */
export type ClassCounts = Readonly<Record<Outcome, number>>;

/** The visits of one local day as kept (2026-01-31). */
export type DayStatistics = Readonly<{ day: string; classes: ClassCounts }>;

/** The visits held, counted. */
export type VisitStatistics = Readonly<{
  held: number;
  classes: ClassCounts;
  /** In the order of the visits. */
  days: readonly DayStatistics[];
  oldest: Place | null;
  newest: Place | null;
  /** Visits whose time nobody vouches for. */
  untrustedTimes: number;
}>;

type Place = Readonly<Pick<StoredVisit, 'number' | 'time'>>;

const LENGTH_OF_DAY = '2026-01-31'.length;

export function statisticsOf(visits: readonly StoredVisit[]): VisitStatistics {
  const days = new Map<string, Record<Outcome, number>>();
  const classes = { normal: 0, recheck: 0, elevated: 0 };
  for (const visit of visits) {
    const day = visit.time.slice(0, LENGTH_OF_DAY);
    const counts = days.get(day) ?? { normal: 0, recheck: 0, elevated: 0 };
    counts[visit.class]++;
    classes[visit.class]++;
    days.set(day, counts);
  }
  return {
    held: visits.length,
    classes,
    days: [...days].map(([day, counts]) => ({ day, classes: counts })),
    oldest: placeOf(visits[0]),
    newest: placeOf(visits.at(-1)),
    untrustedTimes: visits.filter((visit) => visit.time_trusted === false).length,
  };
}

function placeOf(visit: StoredVisit | undefined): Place | null {
  return visit === undefined ? null : { number: visit.number, time: visit.time };
}
