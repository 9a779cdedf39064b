import { DateTime } from 'luxon';
import type { Outcome } from '../domain/visit.ts';
import type { StoredVisit } from './stored-visit.ts';

/** Which visits are meant; what is null does not matter. */
export type Selection = Readonly<{
  /** First moment, Unix ms. */
  fromMs: number | null;
  /** The moment after the last, Unix ms. */
  untilMs: number | null;
  classes: readonly Outcome[] | null;
  numbers: readonly NumberRange[] | null;
  /** So many of the newest of all that match the rest. */
  last: number | null;
}>;

/** Visit numbers from first to last, both included. */
export type NumberRange = Readonly<{ first: number; last: number }>;

/** The visits that are meant, oldest first. */
export function selectVisits(visits: readonly StoredVisit[], selection: Selection): readonly StoredVisit[] {
  const { last } = selection;
  const matching = visits.filter((visit) => matches(visit, selection));
  return last === null ? matching : matching.slice(Math.max(0, matching.length - last));
}

function matches(visit: StoredVisit, { fromMs, untilMs, classes, numbers }: Selection): boolean {
  if (classes !== null && !classes.includes(visit.class)) return false;
  if (numbers !== null && !numbers.some(({ first, last }) => visit.number >= first && visit.number <= last))
    return false;
  if (fromMs === null && untilMs === null) return true;
  const timeMs = Date.parse(visit.time);
  return (fromMs === null || timeMs >= fromMs) && (untilMs === null || timeMs < untilMs);
}

/** A stretch of time as somebody writes one end of it, Unix ms: a day, an hour, a minute or a second. */
export type Moment = Readonly<{ startMs: number; endMs: number }>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MINUTE = /^(\d{4}-\d{2}-\d{2}[T ])?\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads a day (2026-01-31), a time on it (2026-01-31T14:05, with seconds or offset if wanted) or a time today (14:05).
 * @param zone IANA zone of texts without an offset; the machine's by default
 * @returns null when it is none
 */
export function parseMoment(text: string, zone = 'local'): Moment | null {
  const start = DateTime.fromISO(text.trim().replace(' ', 'T'), { zone });
  if (!start.isValid) return null;
  const unit = DAY.test(text.trim()) ? 'day' : MINUTE.test(text.trim()) ? 'minute' : 'second';
  return { startMs: start.toMillis(), endMs: start.plus({ [unit]: 1 }).toMillis() };
}

/** Reads a visit number (12) or a range of them (12-20); null when it is neither. */
export function parseNumberRange(text: string): NumberRange | null {
  const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text.trim());
  if (match === null) return null;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= 1 && last >= first ? { first, last } : null;
}

/** The numbers of visits in their order, as few ranges as possible. */
export function rangesOf(visits: readonly Pick<StoredVisit, 'number'>[]): readonly NumberRange[] {
  const ranges: NumberRange[] = [];
  for (const { number } of visits) {
    const before = ranges.at(-1);
    if (before !== undefined && before.last === number - 1) ranges.splice(-1, 1, { ...before, last: number });
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

/** Numbers as ranges, for people: `3, 7-9`. */
export function numbersText(numbers: readonly NumberRange[]): string {
  return numbers.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
