const MEAN_KEEP = 0.9;
const SQUARE_KEEP = 0.999;
const LEAST_SPREAD = 1e-8;

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019) on one array of weights. */
export class Adam {
  /** Sum of the gradients since the last step; callers add to it. */
  readonly gradient: Float32Array;
  readonly #weights: Float32Array;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #steps = 0;

  constructor(weights: Float32Array) {
    this.#weights = weights;
    this.gradient = new Float32Array(weights.length);
    this.#mean = new Float32Array(weights.length);
    this.#square = new Float32Array(weights.length);
  }

  /** Moves the weights against `share` times the summed gradient, and clears it. */
  step(learningRate: number, share: number, weightDecay: number): void {
    this.#steps++;
    const [weights, mean, square, gradient] = [this.#weights, this.#mean, this.#square, this.gradient];
    const meanScale = 1 / (1 - MEAN_KEEP ** this.#steps);
    const squareScale = 1 / (1 - SQUARE_KEEP ** this.#steps);
    const keep = 1 - learningRate * weightDecay;
    for (let at = 0; at < weights.length; at++) {
      const slope = (gradient[at] ?? 0) * share;
      const m = MEAN_KEEP * (mean[at] ?? 0) + (1 - MEAN_KEEP) * slope;
      const s = SQUARE_KEEP * (square[at] ?? 0) + (1 - SQUARE_KEEP) * slope * slope;
      mean[at] = m;
      square[at] = s;
      const move = (learningRate * m * meanScale) / (Math.sqrt(s * squareScale) + LEAST_SPREAD);
      weights[at] = (weights[at] ?? 0) * keep - move;
    }
    gradient.fill(0);
  }
}
