import type { Alert } from '../domain/alert.ts';

/** Keeps alerts until the broker has acknowledged them, over restarts too unless nothing of them may be on disk. */
export interface AlertOutbox {
  /** Resolves when the alert is safe on disk. Rejects with StoreError; it is pending until the next start then. */
  add(alert: Alert): Promise<void>;
  /** Forgets an alert, and its temperature with it. Rejects with StoreError; it may be sent again after a restart. */
  acknowledge(id: string): Promise<void>;
  /** Forgets the alerts of deleted visits. Rejects with StoreError; they are not sent any more all the same. */
  forget(visitNumbers: ReadonlySet<number>): Promise<void>;
  /** Whether an alert still waits. */
  holds(id: string): boolean;
  /** Alerts not acknowledged, oldest first. */
  pending(): readonly Alert[];
  close(): Promise<void>;
}
