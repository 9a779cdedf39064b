import type { Alert } from '../domain/alert.ts';

/** Tells remote subscribers. */
export interface AlertChannel {
  /** Resolves when the broker has acknowledged the alert. */
  publish(alert: Alert): Promise<void>;
  /** Resolves when every alert published so far is on disk, or cannot be. Never rejects. */
  kept(): Promise<void>;
  /** Waits up to `timeoutMs` for what is still under way, says "offline", and closes. */
  close(timeoutMs: number): Promise<void>;
}
