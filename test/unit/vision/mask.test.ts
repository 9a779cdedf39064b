import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packMaskHead, unpackMaskHead } from '../../../src/io/tfjs/model-files.ts';
import { seededRandom } from '../../../src/simulation/random.ts';
import { type FitOptions, fitHead } from '../../../src/training/fit-head.ts';
import { quantiseHead } from '../../../src/training/quantise-head.ts';
import { maskProbability } from '../../../src/vision/mask-head.ts';
import { maskStateOf } from '../../../src/vision/mask-state.ts';

describe('the vote over frames', () => {
  it.each([
    ['worn', [0.9, 0.8, 0.99]],
    ['not-worn', [0.1, 0.02, 0.2, 0.5]],
    ['unsure', []],
    ['unsure', [0.5, 0.6, 0.4]],
    ['unsure', [0.9, 0.1, 0.9, 0.1]],
    ['unsure', [0.9, 0.5, 0.5]],
    ['worn', [0.9, 0.9, 0.9, 0.1]],
    ['worn', [0.75]],
    ['not-worn', [0.25]],
  ] as const)('is %s for %j', (state, probabilities) => {
    expect(maskStateOf(probabilities)).toBe(state);
  });

  it('hangs on how many frames say what, not on their order or how often all are counted', () => {
    const eighths = fc.array(fc.integer({ min: 0, max: 8 }).map((step) => step / 8));
    fc.assert(
      fc.property(eighths, (values) => {
        const state = maskStateOf(values);
        expect(maskStateOf(values.toReversed())).toBe(state);
        expect(maskStateOf([...values, ...values])).toBe(state);
      }),
    );
  });
});

describe('the mask head', () => {
  const head = {
    inputs: 2,
    hidden: 2,
    hiddenWeights: Int8Array.of(10, 0, 0, -20),
    hiddenScales: Float32Array.of(0.1, 0.5),
    hiddenBiases: Float32Array.of(0, 5),
    outputWeights: Float32Array.of(2, -4),
    outputBias: 0.5,
  };

  it('computes what its weights say', () => {
    // Hidden: 0.1 * 10 * 3 = 3, and 0.5 * -20 * 1 + 5 = -5, which counts as 0.
    expect(maskProbability(head, Float32Array.of(3, 1))).toBeCloseTo(1 / (1 + Math.exp(-6.5)), 6);
  });

  it('refuses features of another length', () => {
    expect(() => maskProbability(head, new Float32Array(3))).toThrow(RangeError);
  });

  it('survives its file', () => {
    const bytes = packMaskHead(head);
    expect(unpackMaskHead(2, 2, Uint8Array.from(bytes).buffer)).toEqual(head);
    expect(() => unpackMaskHead(2, 3, Uint8Array.from(bytes).buffer)).toThrow('head.bin');
  });
});

describe('training', () => {
  const options: FitOptions = {
    hidden: 12,
    epochs: 60,
    batch: 16,
    learningRate: 0.02,
    weightDecay: 0.01,
    dropout: 0,
    labelSmoothing: 0.01,
    onEpoch: () => undefined,
  };
  /** Worn when exactly one of two inputs is high: no straight line can tell. */
  const samples = (seed: number, count: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => {
      const [a, b] = [random.uniform(), random.uniform()];
      return { features: Float32Array.of(a, b), truth: a > 0.5 !== b > 0.5 };
    });
  };

  it('learns what no straight line can tell, and keeps it through rounding', () => {
    const head = quantiseHead(fitHead(samples(1, 800), seededRandom(2), options), 1);
    const test = samples(3, 400);
    const right = test.filter(({ features, truth }) => maskProbability(head, features) > 0.5 === truth);
    expect(right.length / test.length).toBeGreaterThan(0.93);
  });

  it('gives the same weights for the same seed', () => {
    const short = { ...options, epochs: 2, dropout: 0.3 };
    expect(fitHead(samples(1, 100), seededRandom(5), short)).toEqual(
      fitHead(samples(1, 100), seededRandom(5), short),
    );
  });
});
