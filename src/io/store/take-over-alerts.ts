import type { NumberedAlert } from '../../domain/alert.ts';
import { type Head, headPlace, visitPlace } from '../../records/visit-place.ts';
import { leaveOldAlerts, type OldAlerts } from './old-alerts.ts';
import type { PlaceFile } from './place-file.ts';
import type { PlacedVisit } from './visits-file.ts';

/** A store's file in order, and what is in it. */
export type Ordered = Readonly<{
  file: PlaceFile;
  head: Head;
  /** By rising number. */
  visits: readonly PlacedVisit[];
  nextNumber: number;
  /** The last alert's sequence; 0: there was none. */
  lastAlert: number;
}>;

/**
 * Writes alerts of before into the lines of their visits, and leaves those without a visit where they are until they are
 * delivered. Wherever it is interrupted, it is done again: a line that has an alert already is right.
 */
export async function takeOverAlerts(
  directory: string,
  ordered: Ordered,
  old: OldAlerts | null,
): Promise<Ordered & Readonly<{ strayAlerts: readonly NumberedAlert[] }>> {
  if (old === null) return { ...ordered, strayAlerts: [] };
  const { file } = ordered;
  const elevated = ordered.visits.filter(({ visit }) => visit.class === 'elevated');
  const homes = new Set(elevated.map(({ visit }) => visit.number));
  const waiting = new Map(old.waiting.map((alert) => [alert.visitNumber, alert]));
  const changed: PlacedVisit[] = [];
  const visits = ordered.visits.map((kept) => {
    const told = waiting.get(kept.visit.number);
    if (told === undefined || kept.alert !== null || !homes.has(kept.visit.number)) return kept;
    const alert = { sequence: told.sequence, waitsSinceMs: Math.round(told.timeMs) };
    changed.push({ ...kept, alert });
    return { ...kept, alert };
  });
  const nextNumber = Math.max(ordered.nextNumber, old.visit + 1);
  const lastAlert = Math.max(ordered.lastAlert, old.sequence);
  const head = { ...ordered.head, next: Math.max(ordered.head.next, nextNumber), alerts: lastAlert };
  await file.exchange([
    { place: 0, bytes: headPlace(head) },
    ...changed.map((kept) => ({ place: kept.place, bytes: visitPlace(kept) })),
  ]);
  const strayAlerts = old.waiting.filter(({ visitNumber }) => !homes.has(visitNumber));
  await leaveOldAlerts(directory, strayAlerts);
  return { file, head, visits, nextNumber, lastAlert, strayAlerts };
}
