import type { MaskState } from '../domain/face.ts';

/** A frame whose probability lies strictly between these says nothing (models/mask-head/README.md). */
const NOT_WORN_UP_TO = 0.3;
const WORN_FROM = 0.6;

/** Share of the frames that must say something, and share of those that must agree. */
const LEAST_SPEAKING = 0.5;
const LEAST_AGREEING = 0.75;

/** Whether a single frame's probability says anything at all. */
export function isSure(probability: number): boolean {
  return probability <= NOT_WORN_UP_TO || probability >= WORN_FROM;
}

/** One answer from the mask probabilities (0..1) of a visit's frames; unsure when too few frames agree. */
export function maskStateOf(probabilities: readonly number[]): MaskState {
  const worn = probabilities.filter((probability) => probability >= WORN_FROM).length;
  const bare = probabilities.filter((probability) => probability <= NOT_WORN_UP_TO).length;
  const speaking = worn + bare;
  if (speaking === 0 || speaking < probabilities.length * LEAST_SPEAKING) return 'unsure';
  if (worn >= speaking * LEAST_AGREEING) return 'worn';
  return bare >= speaking * LEAST_AGREEING ? 'not-worn' : 'unsure';
}
