import type { MaskState } from './face.ts';

/**
 * An elevated visit, as remote subscribers learn of it. Nothing of the person is in it; temperatures and mask only where
 * the storage profile allows them to be kept, null otherwise.
 */
export type Alert = Readonly<{
  /** Unique, stable over resends: subscribers drop doubles by it. */
  id: string;
  visitNumber: number;
  /** Unix time in ms of the decision, and whether the clock was synchronised. */
  timeMs: number;
  timeTrusted: boolean;
  temperatureC: number | null;
  uncertaintyC: number | null;
  baselineC: number | null;
  mask: MaskState | null;
}>;

/** An alert with its place among the alerts of its gate: from 1, without gaps. */
export type NumberedAlert = Alert & Readonly<{ sequence: number }>;
