/** Time, so that a simulated gate can hold it still. */
export interface Clock {
  /** Monotonic ms since the gate started. */
  nowMs(): number;
  /** Unix time in ms, and whether it can be trusted (synchronised). */
  wallTime(): Readonly<{ unixMs: number; trusted: boolean }>;
  /** Resolves after at least `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
