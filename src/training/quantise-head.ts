import type { MaskHead } from '../vision/mask-head.ts';
import type { FloatHead } from './fit-head.ts';

/** Rounds the hidden weights to int8, one scale a unit; `featureScale` is what features were multiplied with in training. */
export function quantiseHead(head: FloatHead, featureScale: number): MaskHead {
  const { inputs, hidden } = head;
  const hiddenWeights = new Int8Array(inputs * hidden);
  const hiddenScales = new Float32Array(hidden);
  for (let unit = 0; unit < hidden; unit++) {
    const row = head.hiddenWeights.subarray(unit * inputs, (unit + 1) * inputs);
    const step = row.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-12) / 127;
    row.forEach((weight, input) => {
      hiddenWeights[unit * inputs + input] = Math.round(weight / step);
    });
    hiddenScales[unit] = step * featureScale;
  }
  return {
    inputs,
    hidden,
    hiddenWeights,
    hiddenScales,
    hiddenBiases: head.hiddenBiases,
    outputWeights: head.outputWeights,
    outputBias: head.outputBias[0] ?? 0,
  };
}
