import type { StorageProfile } from '../domain/storage-profile.ts';
import type { CheckVerdict } from '../domain/visit.ts';
import type { VisitStore } from './visit-store.ts';

/** Whether visits are kept as the profile says; if not, why. */
export type RecordsHealth = 'ok' | 'full' | 'read-only' | 'failing';

/** What the operator may be shown of the records. */
export type RecordsState = Readonly<{ profile: StorageProfile; health: RecordsHealth }>;

/** A running gate's records: of each visit what the storage profile in force allows, and no longer than it may be kept. */
export interface VisitRecords extends VisitStore {
  /** Judged anew at every call: a legal basis may have ended meanwhile. */
  state(): RecordsState;
  /** What guards' checks of the visits kept say about the limit. */
  verdicts(): readonly CheckVerdict[];
  /**
   * Does what is due: answers what operators ask, deletes what is too old, puts right times once the clock is
   * synchronised, tries again what failed. Called about every second, one call at a time. Never rejects.
   */
  tend(): Promise<void>;
}
