import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mount } from '../../../src/domain/optics.ts';
import { calibrate } from '../../../src/registration/calibration.ts';
import { type FacePair, solveMount } from '../../../src/registration/solve-mount.ts';
import { seededRandom } from '../../../src/simulation/random.ts';
import {
  errorOnNewFaces,
  misplaced,
  noNoise,
  realNoise,
  renderedPairs,
  toldPairs,
  viewOf,
} from '../../support/calibration-walk.ts';

const configured: Mount = { offsetM: { x: 0.02, y: 0, z: 0 }, yawRad: 0, pitchRad: 0, rollRad: 0 };
const lens = fc.constantFrom('BAB' as const, 'BAA' as const);
const seed = fc.integer({ min: 1, max: 100_000 });
const RUNS = { numRuns: 12 };

function truthOf(of: number): Mount {
  return misplaced(configured, seededRandom(of));
}

describe('a mount solved from a walk', () => {
  test('is recovered from exact pairs, whatever it is', () => {
    fc.assert(
      fc.property(lens, seed, (of, number) => {
        const truth = truthOf(number);
        const pairs = toldPairs(of, truth, configured, noNoise, number);
        const { model, residual } = solveMount(pairs, configured, viewOf(of, configured));
        expect(residual.rmsPx).toBeLessThan(0.1);
        expect(errorOnNewFaces(of, truth, model.mount, noNoise, number).rmsPx).toBeLessThan(0.45);
      }),
      RUNS,
    );
  });

  test('is the same to the last bit in any order', () => {
    fc.assert(
      fc.property(lens, seed, (of, number) => {
        const pairs = toldPairs(of, truthOf(number), configured, realNoise, number, 40);
        const shuffled = fc.sample(fc.shuffledSubarray([...pairs], { minLength: 40 }), {
          numRuns: 1,
          seed: number,
        })[0];
        const view = viewOf(of, configured);
        expect(solveMount(shuffled ?? [], configured, view).parameters).toEqual(
          solveMount(pairs, configured, view).parameters,
        );
      }),
      RUNS,
    );
  });

  test('is not moved by outliers of up to 20 %, all on one side', () => {
    fc.assert(
      fc.property(
        lens,
        seed,
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 3, max: 12, noNaN: true }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        (of, number, outliers, byPx, direction) => {
          const truth = truthOf(number);
          const pairs = toldPairs(of, truth, configured, noNoise, number);
          const view = viewOf(of, configured);
          const spoilt = pairs.map((pair, index): FacePair => {
            if (index >= outliers) return pair;
            const { left, right, top } = pair.head;
            const across = byPx * Math.cos(direction);
            const down = byPx * Math.sin(direction);
            // Without a crown only a move sideways would show.
            const by = top === null ? byPx : across;
            return {
              ...pair,
              head: { left: left + by, right: right + by, top: top === null ? null : top + down },
            };
          });
          const solved = solveMount(spoilt, configured, view);
          const clean = solveMount(pairs.slice(outliers), configured, view);
          expect(solved.used.slice(0, outliers)).not.toContain(true);
          solved.parameters.forEach((value, index) => {
            expect(value).toBeCloseTo(clean.parameters[index] ?? Number.NaN, 2);
          });
        },
      ),
      RUNS,
    );
  });

  test('says how far heads were off before', () => {
    const { residual, residualBefore } = solveMount(
      toldPairs('BAB', truthOf(154), configured, noNoise, 2),
      configured,
      viewOf('BAB', configured),
    );
    expect(residualBefore.rmsPx).toBeGreaterThan(2);
    expect(residual.rmsPx).toBeLessThan(0.1);
  });
});

describe.each(['BAB', 'BAA'] as const)('new faces at 0.4 to 1.5 m, %s', (of) => {
  const seeds = [1, 2, 3, 4, 5, 6];

  test('lie within half a pixel after a walk that was seen in thermal pictures', () => {
    for (const number of seeds) {
      const truth = truthOf(77 * number);
      const { pairs } = renderedPairs(of, truth, configured, number);
      const { model } = solveMount(pairs, configured, viewOf(of, configured));
      expect(errorOnNewFaces(of, truth, model.mount, noNoise, number).rmsPx).toBeLessThanOrEqual(0.5);
    }
  });

  test('lie within a pixel when boxes jitter by 4 %, heads differ by 6 % and edges by 0.35 pixels', () => {
    for (const number of seeds) {
      const truth = truthOf(77 * number);
      const pairs = toldPairs(of, truth, configured, realNoise, number);
      const { model } = solveMount(pairs, configured, viewOf(of, configured));
      expect(errorOnNewFaces(of, truth, model.mount, realNoise, number).rmsPx).toBeLessThanOrEqual(1);
    }
  });

  test.each([Math.PI, Math.PI / 2, -Math.PI / 2])('also with the array turned by %f', (rollRad) => {
    const turned = { ...configured, rollRad };
    const truth = misplaced(turned, seededRandom(5));
    const { pairs } = renderedPairs(of, truth, turned, 5);
    const result = calibrate(pairs, turned, viewOf(of, turned));
    expect(errorOnNewFaces(of, truth, result.solution.model.mount, noNoise, 5).rmsPx).toBeLessThanOrEqual(
      0.5,
    );
  });
});

describe('a walk that is not enough is refused', () => {
  const view = viewOf('BAB', configured);
  const pairs = toldPairs('BAB', configured, configured, noNoise, 1, 80);
  const middle = ({ head }: FacePair): number => (head.left + head.right) / 2;
  const faults = (some: readonly FacePair[]): readonly string[] => {
    const result = calibrate(some, configured, view);
    return result.kind === 'refused' ? result.refusals.map(({ fault }) => fault) : [];
  };

  test('a whole one is not', () => {
    expect(faults(pairs)).toEqual([]);
  });

  test('nobody came', () => {
    expect(faults([])).toContain('too-few-pairs');
  });

  test('too short, at one distance, on one side, without a crown', () => {
    expect(faults(pairs.slice(0, 10))).toContain('too-few-pairs');
    const widths = pairs.map(({ face }) => face.box.width).toSorted((a, b) => a - b);
    const far = widths[40] ?? 0;
    expect(faults(pairs.filter(({ face }) => face.box.width < far))).toEqual(
      expect.arrayContaining(['no-distance']),
    );
    expect(faults(pairs.filter((pair) => middle(pair) > 14))).toContain('no-left');
    expect(faults(pairs.filter((pair) => middle(pair) < 18))).toContain('no-right');
    const hooded = pairs.map((pair) => ({ ...pair, head: { ...pair.head, top: null } }));
    expect(faults(hooded)).toContain('no-crown');
  });

  test('heads that no mount explains', () => {
    // A picture that is mirrored when it should not be.
    const mirrored = pairs.map(({ face, head }) => ({
      face,
      head: { ...head, left: 32 - head.right, right: 32 - head.left },
    }));
    expect(faults(mirrored)).not.toEqual([]);
  });

  test('every reason comes with what to do', () => {
    const result = calibrate(pairs.slice(0, 5), configured, view);
    expect(result.kind).toBe('refused');
    if (result.kind === 'refused') {
      for (const { reason, remedy } of result.refusals) {
        expect(reason.length).toBeGreaterThan(10);
        expect(remedy.length).toBeGreaterThan(10);
      }
    }
  });
});
