/**
 * What a check came to: `failed` keeps the gate from working, a `warning` does not, `skipped` could not be looked at.
 */
export type FindingStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** One line of the doctor's report. */
export type Finding = Readonly<{
  /** What was looked at, as in `I2C bus`. */
  check: string;
  status: FindingStatus;
  found: string;
  /** What to do; null when nothing is. */
  remedy: string | null;
}>;

export function ok(check: string, found: string): Finding {
  return { check, status: 'ok', found, remedy: null };
}

export function warning(check: string, found: string, remedy: string): Finding {
  return { check, status: 'warning', found, remedy };
}

export function failed(check: string, found: string, remedy: string | null = null): Finding {
  return { check, status: 'failed', found, remedy };
}

export function skipped(check: string, found: string): Finding {
  return { check, status: 'skipped', found, remedy: null };
}

/** A check's own failure as its finding: errors of this program say what is wrong and, after a colon, what to do. */
export function failedBy(check: string, error: unknown): Finding {
  return failed(check, error instanceof Error ? error.message : String(error));
}
