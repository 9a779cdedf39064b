import type { AuditEvent } from '../domain/audit-event.ts';

/** Keeps what was done with records and settings: only ever added to, each entry sealed to the one before. */
export interface AuditTrail {
  /** Resolves when the entry is safe on disk. Several processes may add. Rejects with StoreError. */
  append(event: AuditEvent): Promise<void>;
}
