import type { StorageProfile } from './storage-profile.ts';

/** Why records were deleted without anybody asking. */
export type DeletionReason = 'cap' | 'age' | 'profile';

/**
 * What the audit trail tells. Counts, names of settings and what operators say of themselves; nothing of a visitor, no
 * temperature, and of a visit its number at most.
 */
export type AuditEvent =
  | Readonly<{ event: 'start'; version: string; configHash: string; profile: StorageProfile }>
  | Readonly<{ event: 'stop' }>
  /** Dotted names of the settings that differ from the last start. */
  | Readonly<{ event: 'configuration-changed'; fields: readonly string[]; configHash: string }>
  | Readonly<{
      event: 'profile-changed';
      from: StorageProfile;
      to: StorageProfile;
      because: 'configured' | 'basis-not-begun' | 'basis-ended';
    }>
  | Readonly<{
      event: 'export';
      purpose: string;
      recipient: string;
      legalBasis: string;
      by: string;
      range: string;
      format: string;
      visits: number;
      /** Of the exported file, hexadecimal. */
      sha256: string;
    }>
  | Readonly<{ event: 'erasure'; by: 'visitor' | 'operator'; visits: number }>
  | Readonly<{ event: 'deletion'; because: DeletionReason; visits: number; photos: number }>
  /** Lines that could not be read any more, set aside. */
  | Readonly<{ event: 'records-repaired'; tornLines: number; badLines: number }>
  | Readonly<{ event: 'calibration'; what: 'registration' | 'sensor' | 'offset'; detail: string }>
  /** Times of visits put right after the clock was synchronised. */
  | Readonly<{ event: 'clock-repaired'; shiftMs: number; visits: number }>
  /** A guard's check with a clinical thermometer. */
  | Readonly<{ event: 'check-entered'; visit: number; result: 'confirmed' | 'cleared'; by: string }>
  /** Asked over the network; `by` is what the request said of itself. */
  | Readonly<{
      event: 'remote-command';
      command: 'mute' | 'acknowledge' | 'check' | 'refresh';
      result: 'done' | 'malformed' | 'not-found' | 'too-many' | 'failed';
      detail: string;
      by: string;
    }>
  /** Who may log in to the image by network has changed since the last start: nobody where there is no key. */
  | Readonly<{ event: 'login-changed'; keys: number; fingerprints: readonly string[] }>
  | Readonly<{ event: 'retired' }>;
