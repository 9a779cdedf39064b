/** Why a store did not do its work. */
export type StoreErrorCode =
  | 'full'
  | 'read-only'
  | 'locked'
  | 'closed'
  | 'malformed'
  | 'not-found'
  | 'no-answer'
  /** The path of the records leads through something that is no folder. */
  | 'no-folder'
  | 'io';

/** A store that could not be opened or written. What it had acknowledged before is safe. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const CODES: Readonly<Record<string, StoreErrorCode>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  ENOTDIR: 'no-folder',
};

/** A failed file operation as a StoreError; a StoreError stays itself. */
export function asStoreError(error: unknown, what: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = errnoOf(error);
  return new StoreError(
    CODES[code] ?? 'io',
    `${what}: ${error instanceof Error ? error.message : code}`,
    error,
  );
}

/** The operating system's name of an error, e.g. ENOENT; empty when it has none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
