import { alertId, type NumberedAlert } from '../domain/alert.ts';
import type { KeptVisit } from './visit-place.ts';

/** What is kept of a visit and its alert, without its photo. */
export type AlertedVisit = Omit<KeptVisit, 'photo'>;

/** Of visits those whose alert waits. */
export function withWaitingAlert(visits: readonly KeptVisit[]): readonly AlertedVisit[] {
  return visits.flatMap(({ visit, alert }) =>
    alert === null || alert.waitsSinceMs === null ? [] : [{ visit, alert }],
  );
}

/**
 * The alert of a visit kept, as it waits to be sent; null: it has none, or it was delivered.
 * @param gateId what the ids of this gate's alerts begin with
 */
export function waitingAlert({ visit, alert }: AlertedVisit, gateId: string): NumberedAlert | null {
  if (alert === null || alert.waitsSinceMs === null || visit.class !== 'elevated') return null;
  const { waitsSinceMs, sequence } = alert;
  const visitMs = Date.parse(visit.time);
  return {
    id: alertId(gateId, visit.number, waitsSinceMs),
    sequence,
    visitNumber: visit.number,
    // The visit's time is to the second, and may have been put right meanwhile.
    timeMs: visitMs === waitsSinceMs - (waitsSinceMs % SECOND_MS) ? waitsSinceMs : visitMs,
    timeTrusted: visit.time_trusted !== false,
    temperatureC: visit.temperature_c,
    uncertaintyC: visit.uncertainty_c,
    baselineC: visit.baseline_c,
    mask: visit.mask,
  };
}

const SECOND_MS = 1000;
