import type { NumberedAlert } from '../../domain/alert.ts';
import type { VisitStore } from '../../ports/visit-store.ts';
import type { StoredVisit } from '../../records/stored-visit.ts';
import type { KeptAlert } from '../../records/visit-place.ts';
import type { AlertedVisit } from '../../records/waiting-alert.ts';
import type { PhotoKeys } from './photo-store.ts';
import type { StoreError } from './store-error.ts';

/** How many visits, and photos of theirs, were deleted. */
export type Deleted = Readonly<{ visits: number; photos: number }>;

/** What belongs to visits, and is kept and deleted with them. */
export type Companions = Readonly<{
  /** The alert to write with a visit; null: it has none. */
  alertOf: (visitNumber: number) => KeptAlert | null;
  /** The highest sequence of alerts whose visits could not be written; 0: none. */
  lastUnkeptAlert: () => number;
  /** Told how writing a visit ended; null: it is on disk. */
  written: (visitNumber: number, failure: StoreError | null) => void;
  /** Alerts that wait: forgotten before the visits are erased. May be asked again for the same ones. */
  forget: (visitNumbers: readonly number[]) => Promise<void>;
  /** Blocks whose photos nobody can open any more. */
  freed: (blocks: readonly number[]) => void;
}>;

/** Alerts as opening a store has found them. */
export type AlertsFound = Readonly<{
  /** Visits whose alert waits, oldest first. */
  waiting: readonly AlertedVisit[];
  /** Alerts that wait, of a version before, whose visits are not there. */
  stray: readonly NumberedAlert[];
  /** The last alert's sequence; 0: there was none. */
  last: number;
}>;

/** Visits on disk. */
export interface DiskVisitStore extends VisitStore, PhotoKeys {
  /** The visits kept, oldest first; a snapshot. */
  visits(): readonly StoredVisit[];
  /**
   * Deletes visits with everything that belongs to them, safe on disk when it resolves.
   * @param which their numbers; others than those kept do no harm
   */
  erase(which: (kept: readonly StoredVisit[]) => readonly number[]): Promise<Deleted>;
  /**
   * Writes visits anew, safe on disk when it resolves.
   * @param change the visit as it is to be; itself: nothing is written
   * @returns those that were there and changed
   */
  amend(
    numbers: readonly number[],
    change: (visit: StoredVisit) => StoredVisit,
  ): Promise<readonly StoredVisit[]>;
  /**
   * Takes note that the alerts of these visits were delivered; other numbers do no harm. Outlives the process when it
   * resolves, and a power cut half a minute later at most.
   */
  delivered(visitNumbers: readonly number[]): Promise<void>;
  /** Forgets the number of the last alert, where no visit is kept. */
  forgetLastAlert(): Promise<void>;
  /** Alerts as opening found them. */
  readonly alertsFound: AlertsFound;
  /** Deletes the lines that were set aside as unreadable, whatever is in them. */
  deleteSetAside(): Promise<void>;
  /** Lines that opening had to cut off (their visits never counted as stored) or to set aside as unreadable. */
  readonly repairs: Readonly<{ tornLines: number; badLines: number }>;
  /** What opening deleted as beyond the cap. */
  readonly beyondCap: Deleted;
}
