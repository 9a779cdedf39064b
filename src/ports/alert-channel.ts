import type { Alert } from '../domain/alert.ts';

/** Tells remote subscribers. */
export interface AlertChannel {
  /**
   * Resolves when the broker has acknowledged the alert. Where alerts are kept, it is sent once its visit is on disk, or
   * cannot be: to be called before that visit is appended.
   */
  publish(alert: Alert): Promise<void>;
  /** Waits up to `timeoutMs` for what is still under way, says "offline", and closes. */
  close(timeoutMs: number): Promise<void>;
}
