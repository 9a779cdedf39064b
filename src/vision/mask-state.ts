import type { MaskState } from '../domain/face.ts';

/** Mean probability from which a mask counts as worn, and below which as not worn; between them is `unsure`. */
const WORN = 0.75;
const NOT_WORN = 0.25;

/** One answer from the mask probabilities (0..1) of a visit's frames; `unsure` without frames or near one half. */
export function maskStateOf(probabilities: readonly number[]): MaskState {
  if (probabilities.length === 0) return 'unsure';
  const mean = probabilities.reduce((total, probability) => total + probability, 0) / probabilities.length;
  if (mean >= WORN) return 'worn';
  return mean <= NOT_WORN ? 'not-worn' : 'unsure';
}
