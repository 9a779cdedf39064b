import type { Alert, NumberedAlert } from '../domain/alert.ts';

/** Keeps alerts until the broker has acknowledged them, over restarts too unless nothing of them may be on disk. */
export interface AlertOutbox {
  /**
   * Gives an alert its number; it is pending from now on. `kept` resolves when it is safe on disk, and rejects with
   * StoreError: it is pending until the next start only.
   */
  add(alert: Alert): Readonly<{ alert: NumberedAlert; kept: Promise<void> }>;
  /** Forgets an alert, and its temperature with it. Rejects with StoreError; it may be sent again after a restart. */
  acknowledge(id: string): Promise<void>;
  /** Forgets the alerts of deleted visits. Rejects with StoreError; they are not sent any more all the same. */
  forget(visitNumbers: ReadonlySet<number>): Promise<void>;
  /** Whether an alert still waits. */
  holds(id: string): boolean;
  /** Alerts not acknowledged, oldest first. */
  pending(): readonly NumberedAlert[];
  close(): Promise<void>;
}
