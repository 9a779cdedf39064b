import type { Random } from '../simulation/random.ts';
import { Adam } from './adam.ts';

/** One crop's features with its truth: whether a mask is worn, or whether it is a face. */
export type Sample = Readonly<{ features: Float32Array; truth: boolean }>;

/** A trained head before quantisation: hidden weights unit by unit. */
export type FloatHead = Readonly<{
  inputs: number;
  hidden: number;
  hiddenWeights: Float32Array;
  hiddenBiases: Float32Array;
  outputWeights: Float32Array;
  outputBias: Float32Array;
}>;

/** How long and how hard to train. */
export type FitOptions = Readonly<{
  hidden: number;
  epochs: number;
  batch: number;
  /** First step size; falls to nothing along a cosine. */
  learningRate: number;
  /** Pull of the hidden weights to zero, per step, times the step size. */
  weightDecay: number;
  /** Share of hidden units left out of a training step. */
  dropout: number;
  /** Truth is taken as this far from 0 and 1, since some labels are wrong. */
  labelSmoothing: number;
  onEpoch: (epoch: number, meanLoss: number) => void;
}>;

/** Trains a head by back-propagation of the cross entropy; the same seed and samples give the same weights. */
export function fitHead(samples: readonly Sample[], random: Random, options: FitOptions): FloatHead {
  const inputs = samples[0]?.features.length ?? 0;
  const head = startHead(inputs, options.hidden, random);
  const trainer = new Trainer(head, random, options);
  const order = samples.map((_, index) => index);
  const steps = options.epochs * Math.ceil(samples.length / options.batch);
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let from = 0; from < order.length; from += options.batch) {
      for (const index of order.slice(from, from + options.batch)) {
        const sample = samples[index];
        if (sample !== undefined) loss += trainer.learn(sample);
      }
      trainer.step((options.learningRate * (1 + Math.cos((Math.PI * step++) / steps))) / 2);
    }
    options.onEpoch(epoch, loss / samples.length);
  }
  return head;
}

function startHead(inputs: number, hidden: number, random: Random): FloatHead {
  const spread = Math.sqrt(2 / inputs);
  return {
    inputs,
    hidden,
    hiddenWeights: Float32Array.from({ length: inputs * hidden }, () => spread * random.normal()),
    hiddenBiases: new Float32Array(hidden),
    outputWeights: Float32Array.from({ length: hidden }, () => random.normal() / Math.sqrt(hidden)),
    outputBias: new Float32Array(1),
  };
}

/** Sums a batch's gradients and takes the step. */
class Trainer {
  readonly #head: FloatHead;
  readonly #random: Random;
  readonly #options: FitOptions;
  readonly #hiddenWeights: Adam;
  readonly #small: readonly Adam[];
  readonly #activations: Float32Array;
  #seen = 0;

  constructor(head: FloatHead, random: Random, options: FitOptions) {
    this.#head = head;
    this.#random = random;
    this.#options = options;
    this.#hiddenWeights = new Adam(head.hiddenWeights);
    this.#small = [head.hiddenBiases, head.outputWeights, head.outputBias].map((values) => new Adam(values));
    this.#activations = new Float32Array(head.hidden);
  }

  /** Adds one sample's gradients; returns its cross entropy. */
  learn({ features, truth }: Sample): number {
    const logit = this.#forward(features);
    const target = truth ? 1 - this.#options.labelSmoothing : this.#options.labelSmoothing;
    const probability = 1 / (1 + Math.exp(-logit));
    this.#backward(features, probability - target);
    this.#seen++;
    return -target * Math.log(probability + 1e-9) - (1 - target) * Math.log(1 - probability + 1e-9);
  }

  step(learningRate: number): void {
    const share = 1 / Math.max(1, this.#seen);
    this.#hiddenWeights.step(learningRate, share, this.#options.weightDecay);
    for (const adam of this.#small) adam.step(learningRate, share, 0);
    this.#seen = 0;
  }

  #forward(features: Float32Array): number {
    const { inputs, hidden, hiddenWeights, hiddenBiases, outputWeights, outputBias } = this.#head;
    const { dropout } = this.#options;
    let logit = outputBias[0] ?? 0;
    for (let unit = 0; unit < hidden; unit++) {
      this.#activations[unit] = 0;
      if (this.#random.uniform() < dropout) continue;
      const from = unit * inputs;
      let sum = hiddenBiases[unit] ?? 0;
      for (let input = 0; input < inputs; input++) {
        sum += (hiddenWeights[from + input] ?? 0) * (features[input] ?? 0);
      }
      if (sum <= 0) continue;
      const kept = sum / (1 - dropout);
      this.#activations[unit] = kept;
      logit += kept * (outputWeights[unit] ?? 0);
    }
    return logit;
  }

  #backward(features: Float32Array, error: number): void {
    const { inputs, hidden, outputWeights } = this.#head;
    const [biases, output, bias] = this.#small.map((adam) => adam.gradient);
    const weights = this.#hiddenWeights.gradient;
    if (biases === undefined || output === undefined || bias === undefined) return;
    bias[0] = (bias[0] ?? 0) + error;
    for (let unit = 0; unit < hidden; unit++) {
      const activation = this.#activations[unit] ?? 0;
      if (activation === 0) continue;
      output[unit] = (output[unit] ?? 0) + error * activation;
      const pull = (error * (outputWeights[unit] ?? 0)) / (1 - this.#options.dropout);
      biases[unit] = (biases[unit] ?? 0) + pull;
      const from = unit * inputs;
      for (let input = 0; input < inputs; input++) {
        weights[from + input] = (weights[from + input] ?? 0) + pull * (features[input] ?? 0);
      }
    }
  }
}

function shuffle(order: number[], random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
}
