import type { Still } from '../domain/still.ts';

/** Turns a still into a file that only the operator's private key opens. */
export interface PhotoSealer {
  /** The sealed photo. Overwrites the still's pixels, and whatever plain form of it lay between. */
  seal(still: Still): Promise<Uint8Array>;
}
