/** A small network with one hidden layer on the detector's own features. Weights of one hidden unit share a scale. */
export type MaskHead = Readonly<{
  /** Features of one crop. */
  inputs: number;
  hidden: number;
  /** inputs x hidden steps of the scale, hidden unit by hidden unit. */
  hiddenWeights: Int8Array;
  /** One step of each hidden unit's weights. */
  hiddenScales: Float32Array;
  hiddenBiases: Float32Array;
  outputWeights: Float32Array;
  outputBias: number;
}>;

/** Chance, 0..1, that a mask is worn, from the features of one face crop. */
export function maskProbability(head: MaskHead, features: Float32Array): number {
  if (features.length !== head.inputs) {
    throw new RangeError(`mask head takes ${head.inputs} features, got ${features.length}`);
  }
  const { inputs, hiddenWeights } = head;
  let logit = head.outputBias;
  for (let unit = 0; unit < head.hidden; unit++) {
    const from = unit * inputs;
    let sum = 0;
    for (let input = 0; input < inputs; input++) {
      sum += (hiddenWeights[from + input] ?? 0) * (features[input] ?? 0);
    }
    const activation = sum * (head.hiddenScales[unit] ?? 0) + (head.hiddenBiases[unit] ?? 0);
    if (activation > 0) logit += activation * (head.outputWeights[unit] ?? 0);
  }
  return 1 / (1 + Math.exp(-logit));
}
