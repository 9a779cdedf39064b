import type { StorageProfile } from '../../domain/storage-profile.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { GateReports, RemoteDoor } from '../../ports/gate-reports.ts';
import type { ReadMachineVitals } from '../../ports/machine-vitals.ts';
import type { DayCounts } from '../../records/visit-counts.ts';

/** What a gate needs to tell of itself and to be asked. */
export type RemoteParts = Readonly<{
  channel: GateReports & RemoteDoor;
  machine: ReadMachineVitals;
  audit: AuditTrail;
  softwareVersion: string;
  /** Alerts that no broker has taken yet. */
  alertsWaiting: () => number;
  /** Visits of a local day that are kept from before; null: none. */
  countsOf: (day: string) => Promise<DayCounts | null>;
  enterCheck: (
    check: Readonly<{
      visit: number;
      result: 'confirmed' | 'cleared';
      temperatureC: number | null;
      by: string;
    }>,
  ) => Promise<'entered' | 'not-found'>;
  /** The storage profile in force. */
  profile: () => StorageProfile;
}>;
