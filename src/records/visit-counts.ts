import { z } from 'zod';
import type { Visit } from '../domain/visit.ts';

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

/** Reads a file of counts; null when it is none. */
export function parseCounts(text: string): readonly DayCounts[] | null {
  try {
    const result = visitCountsSchema.safeParse(JSON.parse(text));
    return result.success ? result.data.days : null;
  } catch {
    return null;
  }
}

/** The text that {@link parseCounts} reads. */
export function countsText(days: readonly DayCounts[]): string {
  return `${JSON.stringify({ version: 1, days })}\n`;
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

function added(days: readonly DayCounts[], more: DayCounts): readonly DayCounts[] {
  const before = days.find(({ day }) => day === more.day);
  if (before === undefined) return [...days, more];
  const sum: DayCounts = {
    day: more.day,
    visits: before.visits + more.visits,
    normal: before.normal + more.normal,
    recheck: before.recheck + more.recheck,
    elevated: before.elevated + more.elevated,
    mask_worn: before.mask_worn + more.mask_worn,
    mask_not_worn: before.mask_not_worn + more.mask_not_worn,
    mask_unsure: before.mask_unsure + more.mask_unsure,
  };
  return days.map((one) => (one === before ? sum : one));
}
