import type { MaskState } from './face.ts';

/**
 * An elevated visit, as remote subscribers learn of it. Nothing of the person is in it; temperatures and mask only where
 * the storage profile allows them to be kept, null otherwise.
 */
export type Alert = Readonly<{
  /** Unique, stable over resends: subscribers drop doubles by it. See {@link alertId}. */
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

/** What the ids of a gate's alerts begin with. */
export function gateIdOf({ site, name }: Readonly<{ site: string; name: string }>): string {
  return `${site}-${name}`;
}

/**
 * The id of an alert: it follows from what is kept of its visit, so that it is the same after a restart.
 * @param decidedMs Unix time of the decision, whole ms, by the clock as it was then
 */
export function alertId(gateId: string, visitNumber: number, decidedMs: number): string {
  return `${gateId}-${visitNumber}-${decidedMs.toString(36)}`;
}
