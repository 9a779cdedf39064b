/** Keeps sealed photos, each with its visit and no longer. */
export interface PhotoStore {
  /**
   * Keeps a photo that is already sealed to the operator's keys. Resolves when it is safe on disk; its key is written with
   * its visit, so before that nobody can open it, and it does not count.
   */
  keep(visitNumber: number, sealed: Uint8Array): Promise<void>;
  /** Deletes the photos of these visits: their own keys are overwritten on disk. Missing ones are no error. */
  delete(visitNumbers: readonly number[]): Promise<void>;
  /** Numbers of the visits with a photo, ascending. */
  numbers(): readonly number[];
  close(): Promise<void>;
}
