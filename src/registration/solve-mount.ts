import type { Face } from '../domain/face.ts';
import type { Mount } from '../domain/optics.ts';
import { displacementOf, type HeadMiss, type HeadModel, type HeadView, missOf } from './head-model.ts';
import { leastSquares } from './least-squares.ts';
import { modelOf, PARAMETERS } from './model-parameters.ts';
import type { ThermalHead } from './thermal-head.ts';

/** One person at one moment, as both sensors saw them. */
export type FacePair = Readonly<{ face: Face; head: ThermalHead }>;

/** How far heads lie from where a geometry puts them, thermal pixels (across and down together). */
export type Residual = Readonly<{ rmsPx: number; p95Px: number }>;

export type MountSolution = Readonly<{
  model: HeadModel;
  /** Per pair of the input, in order: whether it was used. */
  used: readonly boolean[];
  /** Of the pairs used, with the solved and with the configured mount. */
  residual: Residual;
  residualBefore: Residual;
  /** As {@link modelOf} takes them. */
  parameters: Float64Array;
  /** Of the parameters, row-major 9 x 9; null when the pairs do not determine them. */
  covariance: Float64Array | null;
  iterations: number;
}>;

/** What a head's middle and its crown are off by in one pair, box and thermal picture together, thermal pixels. */
const PLACE_SD_PX = 0.4;
/** The same of its width, which the lens' spot size and long hair change with the distance: it hardly counts. */
const WIDTH_SD_PX = 1.5;
/** From so many standard deviations on a pair pulls with constant force (Huber). */
const HUBER = 1.5;
const HUBER_ROUNDS = 6;
/** Pairs farther off than so many robust standard deviations are left out. */
const LEFT_OUT = 3;
/** Median of |x| of a two-dimensional normal distribution, in standard deviations of one axis: sqrt(2 ln 2). */
const MEDIAN_OF_DISTANCE = 1.1774;
/** Nearer than this no pair is left out, thermal pixels. */
const NEVER_OUT_PX = 0.3;
const CULLINGS = 3;
const NUMERIC_STEP = 1e-4;

/**
 * The mount that explains the pairs best: Huber's weights first, then least squares over those that are left when the
 * far-off ones are out, a few times over. Order does not matter. The configured mount holds what the pairs leave open.
 */
export function solveMount(pairs: readonly FacePair[], configured: Mount, view: HeadView): MountSolution {
  const sorted = pairs.toSorted(byPlace);
  let found = huberFit(sorted, configured, view);
  let kept: readonly FacePair[] = sorted;
  for (let round = 0; round < CULLINGS; round++) {
    const inliers = withoutOutliers(sorted, found.model, view);
    if (inliers.length === kept.length && round > 0) break;
    kept = inliers;
    found = weightedFit(
      kept,
      kept.map(() => 1),
      configured,
      view,
      found.parameters,
    );
  }
  const usedPairs = new Set(kept);
  const before: HeadModel = { ...found.model, mount: configured };
  return {
    model: found.model,
    used: pairs.map((pair) => usedPairs.has(pair)),
    residual: residualOf(kept, found.model, view),
    residualBefore: residualOf(kept, before, view),
    parameters: found.parameters,
    covariance: found.covariance,
    iterations: found.iterations,
  };
}

/** Root mean square and 95th percentile over some pairs; NaN without pairs. */
function residualOf(pairs: readonly FacePair[], model: HeadModel, view: HeadView): Residual {
  const moved = pairs.flatMap((pair) => {
    const miss = missOf(model, pair.face, pair.head, view);
    return miss === null ? [] : [{ ...displacementOf(miss), crown: pair.head.top !== null }];
  });
  const meanSquare = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value * value, 0) / values.length;
  const across = meanSquare(moved.map((one) => one.across));
  const down = meanSquare(moved.filter(({ crown }) => crown).map((one) => one.down));
  const distances = moved.map((one) => Math.hypot(one.across, one.down)).toSorted((a, b) => a - b);
  const p95Px = distances[Math.min(distances.length - 1, Math.ceil(0.95 * distances.length) - 1)];
  return {
    rmsPx: moved.length === 0 ? Number.NaN : Math.sqrt(across + down),
    p95Px: p95Px ?? Number.NaN,
  };
}

type Fit = Readonly<{
  parameters: Float64Array;
  model: HeadModel;
  covariance: Float64Array | null;
  iterations: number;
}>;

function huberFit(pairs: readonly FacePair[], configured: Mount, view: HeadView): Fit {
  let weights = pairs.map(() => 1);
  let found = weightedFit(pairs, weights, configured, view, new Float64Array(PARAMETERS));
  for (let round = 0; round < HUBER_ROUNDS; round++) {
    const { model, parameters } = found;
    weights = pairs.map((pair) => {
      const away = distanceOf(missOf(model, pair.face, pair.head, view)) / PLACE_SD_PX;
      return away <= HUBER ? 1 : HUBER / away;
    });
    found = weightedFit(pairs, weights, configured, view, parameters);
  }
  return found;
}

function weightedFit(
  pairs: readonly FacePair[],
  weights: readonly number[],
  configured: Mount,
  view: HeadView,
  start: Float64Array,
): Fit {
  const residuals = (parameters: Float64Array): Float64Array => {
    const model = modelOf(parameters, configured);
    const all = new Float64Array(3 * pairs.length + PARAMETERS);
    pairs.forEach(({ face, head }, index) => {
      const miss = missOf(model, face, head, view);
      if (miss === null) return;
      const pull = Math.sqrt(weights[index] ?? 0);
      const { across, down } = displacementOf(miss);
      const place = pull / PLACE_SD_PX;
      all.set([across * place, down * place, ((miss.right - miss.left) * pull) / WIDTH_SD_PX], 3 * index);
    });
    // The belief: each parameter is a normal deviate.
    all.set(parameters, 3 * pairs.length);
    return all;
  };
  const { parameters, covariance, iterations } = leastSquares({ start, residuals, step: NUMERIC_STEP });
  return { parameters, model: modelOf(parameters, configured), covariance, iterations };
}

function withoutOutliers(pairs: readonly FacePair[], model: HeadModel, view: HeadView): readonly FacePair[] {
  const away = pairs.map((pair) => distanceOf(missOf(model, pair.face, pair.head, view)));
  const median = away.toSorted((a, b) => a - b)[away.length >> 1] ?? 0;
  const limit = Math.max(NEVER_OUT_PX, (LEFT_OUT * median) / MEDIAN_OF_DISTANCE);
  return pairs.filter((_, index) => (away[index] ?? Number.POSITIVE_INFINITY) <= limit);
}

/** Infinite where there is no distance. */
function distanceOf(miss: HeadMiss | null): number {
  if (miss === null) return Number.POSITIVE_INFINITY;
  const { across, down } = displacementOf(miss);
  return Math.hypot(across, down);
}

/** A fixed order, so that sums come out the same to the last bit whatever the order of the input. */
function byPlace(a: FacePair, b: FacePair): number {
  return (
    a.face.box.x - b.face.box.x ||
    a.face.box.y - b.face.box.y ||
    a.face.box.width - b.face.box.width ||
    a.head.left - b.head.left
  );
}
