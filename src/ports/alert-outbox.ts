import type { Alert } from '../domain/alert.ts';

/** Keeps alerts until the broker has acknowledged them, over restarts too. */
export interface AlertOutbox {
  /** Resolves when the alert is safe on disk. Rejects with StoreError; it is pending until the next start then. */
  add(alert: Alert): Promise<void>;
  /** Forgets an alert, and its temperature with it. Rejects with StoreError; it may be sent again after a restart. */
  acknowledge(id: string): Promise<void>;
  /** Alerts not acknowledged, oldest first. */
  pending(): readonly Alert[];
  close(): Promise<void>;
}
