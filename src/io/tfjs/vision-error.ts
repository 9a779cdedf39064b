/** What went wrong in the vision, by kind. */
export type VisionErrorCode =
  /** A model file is missing, damaged or of another version. */
  | 'model'
  /** The wanted backend cannot be used. */
  | 'backend'
  /** One frame could not be judged. */
  | 'inference'
  /** The worker ended by itself: what was pending is lost. */
  | 'worker-ended'
  /** Asked after close(). */
  | 'closed';

/** The vision cannot answer. */
export class VisionError extends Error {
  override readonly name = 'VisionError';
  readonly code: VisionErrorCode;
  constructor(code: VisionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
