import type { Alert, NumberedAlert } from '../domain/alert.ts';

/** Keeps alerts until the broker has acknowledged them, over restarts too unless nothing of them may be on disk. */
export interface AlertOutbox {
  /**
   * Gives an alert its number; it is pending from now on. To be called before its visit is appended: they are written
   * together. `kept` resolves when both are safe on disk, or nothing of them may be, and rejects with StoreError: it is
   * pending until the next start only.
   */
  add(alert: Alert): Readonly<{ alert: NumberedAlert; kept: Promise<void> }>;
  /**
   * Forgets an alert; its visit stays. Resolves when that outlives the process; a power cut within half a minute may undo
   * it, and it is sent again then. Rejects with StoreError; it may be sent again after a restart.
   */
  acknowledge(id: string): Promise<void>;
  /** Whether an alert still waits. */
  holds(id: string): boolean;
  /** Alerts not acknowledged, oldest first. */
  pending(): readonly NumberedAlert[];
}
