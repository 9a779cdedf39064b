import { z } from 'zod';
import type { Visit } from '../domain/visit.ts';
import { jsonOfLine, placeOf } from './place.ts';
import type { StoredVisit } from './stored-visit.ts';

const count = z.int().min(0);
const dayCountsSchema = z.strictObject({
  /** Local day; null: counted while the clock was not synchronised. */
  day: z.iso.date().nullable(),
  visits: count,
  normal: count,
  recheck: count,
  elevated: count,
  mask_worn: count,
  mask_not_worn: count,
  mask_unsure: count,
});
const visitCountsSchema = z.strictObject({ version: z.literal(1), days: z.array(dayCountsSchema) });

/** Visits of one day, and of how many kinds. */
export type DayCounts = Readonly<z.output<typeof dayCountsSchema>>;

/** The counts of a day as they are written in a place of their own. */
export function countsPlace(counts: DayCounts): Uint8Array {
  return placeOf(JSON.stringify(counts));
}

/** Reads a line of a file of counts; null when it is none, or not whole. */
export function parseCountsLine(line: string): DayCounts | null {
  try {
    const counts = dayCountsSchema.safeParse(JSON.parse(jsonOfLine(line) ?? ''));
    return counts.success ? counts.data : null;
  } catch {
    return null;
  }
}

/** Reads the file of counts of a version before; null when it is none. */
export function parseOldCounts(text: string): readonly DayCounts[] | null {
  try {
    const result = visitCountsSchema.safeParse(JSON.parse(text));
    return result.success ? result.data.days : null;
  } catch {
    return null;
  }
}

/** Counts one more visit on a day. */
export function countVisit(
  days: readonly DayCounts[],
  day: string | null,
  { outcome, mask }: Pick<Visit, 'outcome' | 'mask'>,
): readonly DayCounts[] {
  const one: DayCounts = {
    day,
    visits: 1,
    normal: outcome === 'normal' ? 1 : 0,
    recheck: outcome === 'recheck' ? 1 : 0,
    elevated: outcome === 'elevated' ? 1 : 0,
    mask_worn: mask === 'worn' ? 1 : 0,
    mask_not_worn: mask === 'not-worn' ? 1 : 0,
    mask_unsure: mask === 'unsure' ? 1 : 0,
  };
  return added(days, one);
}

/** The visits of one local day, counted; null: there were none. */
export function countsOfDay(visits: readonly StoredVisit[], day: string): DayCounts | null {
  const ofDay = visits.filter(({ time }) => time.startsWith(day));
  const counted = ofDay.reduce<readonly DayCounts[]>(
    (days, { class: outcome, mask }) => countVisit(days, day, { outcome, mask }),
    [],
  );
  return counted[0] ?? null;
}

/**
 * The counts as they are to be on a day that the clock vouches for: what was counted without a day belongs to it, and
 * days before `oldest` are gone.
 */
export function settledCounts(
  days: readonly DayCounts[],
  today: string,
  oldest: string,
): readonly DayCounts[] {
  const undated = days.filter(({ day }) => day === null);
  return undated.reduce<readonly DayCounts[]>(
    (sum, one) => added(sum, { ...one, day: today }),
    days.filter(({ day }) => day !== null && day >= oldest),
  );
}

/** Counts of the same day taken together. */
export function addCounts(one: DayCounts, other: DayCounts): DayCounts {
  return {
    day: one.day,
    visits: one.visits + other.visits,
    normal: one.normal + other.normal,
    recheck: one.recheck + other.recheck,
    elevated: one.elevated + other.elevated,
    mask_worn: one.mask_worn + other.mask_worn,
    mask_not_worn: one.mask_not_worn + other.mask_not_worn,
    mask_unsure: one.mask_unsure + other.mask_unsure,
  };
}

function added(days: readonly DayCounts[], more: DayCounts): readonly DayCounts[] {
  const before = days.find(({ day }) => day === more.day);
  if (before === undefined) return [...days, more];
  const sum = addCounts(before, more);
  return days.map((one) => (one === before ? sum : one));
}
