/** Keeps sealed photos, each with its visit and no longer. */
export interface PhotoStore {
  /**
   * Keeps a photo that is already sealed to the operator's keys. Resolves when it is safe on disk; it counts only once
   * its visit is stored, and is deleted at the next opening otherwise.
   */
  keep(visitNumber: number, sealed: Uint8Array): Promise<void>;
  /** Deletes the photos of these visits: first their own keys are destroyed, then the files. Missing ones are no error. */
  delete(visitNumbers: readonly number[]): Promise<void>;
  /** Numbers of the visits with a photo, ascending. */
  numbers(): readonly number[];
  close(): Promise<void>;
}
