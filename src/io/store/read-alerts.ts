import { withWaitingAlert } from '../../records/waiting-alert.ts';
import type { AlertsFound } from './disk-visit-store.ts';
import { readOldAlerts } from './old-alerts.ts';
import { lastAlertOf } from './recover.ts';
import { asStoreError } from './store-error.ts';
import { readVisitsFile } from './visits-file.ts';

/**
 * The alerts of a folder of records that wait at this moment, without its lock and changing nothing. Those of a version
 * before count as without a visit, until they are taken over.
 * @throws StoreError `read-only` or `io`
 */
export async function readAlerts(directory: string): Promise<AlertsFound> {
  try {
    const found = await readVisitsFile(directory);
    const old = await readOldAlerts(directory);
    const visits = found?.visits ?? [];
    const taken = new Set(visits.filter(({ alert }) => alert !== null).map(({ visit }) => visit.number));
    return {
      waiting: withWaitingAlert(visits),
      stray: (old?.waiting ?? []).filter(({ visitNumber }) => !taken.has(visitNumber)),
      last: Math.max(found === null ? 0 : lastAlertOf(found), old?.sequence ?? 0),
    };
  } catch (error) {
    throw asStoreError(error, `reading the alerts of ${directory}`);
  }
}
