import type { DecidedVisit } from '../../gate/types.ts';
import { addCounts, countVisit, type DayCounts } from '../../records/visit-counts.ts';

const NOBODY = {
  visits: 0,
  normal: 0,
  recheck: 0,
  elevated: 0,
  mask_worn: 0,
  mask_not_worn: 0,
  mask_unsure: 0,
} as const;

/** The visits of today, in memory alone: those kept from before the start, and those since. */
export class DayTally {
  #days: readonly DayCounts[] = [];

  /** Takes in what was kept of a day before the gate started. */
  before(kept: DayCounts): void {
    this.#days = [addCounts(kept, this.of(kept.day ?? ''))];
  }

  /** Yesterday is forgotten. */
  count(day: string, visit: Pick<DecidedVisit, 'outcome' | 'mask'>): void {
    this.#days = countVisit(
      this.#days.filter((one) => one.day === day),
      day,
      visit,
    );
  }

  of(day: string): DayCounts {
    return this.#days.find((one) => one.day === day) ?? { day, ...NOBODY };
  }
}
