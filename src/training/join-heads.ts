import type { FloatHead } from './fit-head.ts';

/**
 * Several heads of the same inputs as one, whose logit is the mean of theirs: it errs less than any of them, since they
 * were trained from different starts and err at different faces.
 */
export function joinHeads(heads: readonly FloatHead[]): FloatHead {
  const share = 1 / heads.length;
  return {
    inputs: heads[0]?.inputs ?? 0,
    hidden: heads.reduce((sum, head) => sum + head.hidden, 0),
    hiddenWeights: joined(heads.map((head) => head.hiddenWeights)),
    hiddenBiases: joined(heads.map((head) => head.hiddenBiases)),
    outputWeights: joined(heads.map((head) => head.outputWeights)).map((weight) => weight * share),
    outputBias: Float32Array.of(heads.reduce((sum, head) => sum + (head.outputBias[0] ?? 0), 0) * share),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
