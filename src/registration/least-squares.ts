import { solveSymmetric } from './cholesky.ts';

/** A sum of squares to be made small. */
export type LeastSquares = Readonly<{
  start: Float64Array;
  /** Residuals at some parameters, each scaled to a standard deviation of one; always as many. */
  residuals: (parameters: Float64Array) => Float64Array;
  /**
   * Step of the numeric derivative, in units of the parameters: they should be scaled so that one step suits all. The
   * central difference's error is about step squared.
   */
  step: number;
}>;

export type LeastSquaresResult = Readonly<{
  parameters: Float64Array;
  /** Sum of the squared residuals. */
  cost: number;
  iterations: number;
  /** False when the steps ran out before the sum stopped falling. */
  converged: boolean;
  /** Inverse of the normal matrix at the end, row-major; null when the residuals do not determine the parameters. */
  covariance: Float64Array | null;
}>;

const MOST_ITERATIONS = 60;
const FIRST_DAMPING = 1e-3;
const LARGEST_DAMPING = 1e12;
/** The sum no longer falls when a step gains less than this share of it. */
const GAIN_AT_LEAST = 1e-10;

/**
 * Levenberg-Marquardt: Gauss-Newton steps, damped by multiples of the normal matrix' diagonal (Marquardt's scaling) until
 * they lower the sum. Deterministic.
 */
export function leastSquares({ start, residuals, step }: LeastSquares): LeastSquaresResult {
  let parameters: Float64Array = start.slice();
  let current: Float64Array = residuals(parameters);
  let cost = sumOfSquares(current);
  let damping = FIRST_DAMPING;
  let iterations = 0;
  let converged = false;
  let normal = normalEquations(parameters, current, residuals, step);

  while (iterations < MOST_ITERATIONS && !converged) {
    iterations++;
    const trial = dampedStep(parameters, normal, damping);
    const moved = trial === null ? null : residuals(trial);
    const movedCost = moved === null ? Number.POSITIVE_INFINITY : sumOfSquares(moved);
    if (trial === null || moved === null || !(movedCost < cost)) {
      converged = damping >= LARGEST_DAMPING || Math.abs(movedCost - cost) <= GAIN_AT_LEAST * cost;
      damping = Math.min(LARGEST_DAMPING, damping * 8);
      continue;
    }
    converged = cost - movedCost <= GAIN_AT_LEAST * cost;
    parameters = trial;
    current = moved;
    cost = movedCost;
    damping = Math.max(1e-9, damping / 8);
    normal = normalEquations(parameters, current, residuals, step);
  }
  return { parameters, cost, iterations, converged, covariance: inverse(normal.matrix, parameters.length) };
}

type NormalEquations = Readonly<{ matrix: Float64Array; gradient: Float64Array }>;

/** J'J and J'r, with J by central differences. */
function normalEquations(
  parameters: Float64Array,
  current: Float64Array,
  residuals: LeastSquares['residuals'],
  step: number,
): NormalEquations {
  const size = parameters.length;
  const columns = Array.from({ length: size }, (_, index) => {
    const shifted = (by: number): Float64Array => {
      const moved = parameters.slice();
      moved[index] = (moved[index] ?? 0) + by;
      return residuals(moved);
    };
    const above = shifted(step);
    const below = shifted(-step);
    return above.map((value, row) => (value - (below[row] ?? 0)) / (2 * step));
  });
  const matrix = new Float64Array(size * size);
  columns.forEach((a, row) => {
    columns.forEach((b, column) => {
      matrix[row * size + column] = dot(a, b);
    });
  });
  return { matrix, gradient: Float64Array.from(columns, (column) => dot(column, current)) };
}

function dampedStep(
  parameters: Float64Array,
  { matrix, gradient }: NormalEquations,
  damping: number,
): Float64Array | null {
  const size = parameters.length;
  const damped = matrix.slice();
  for (let index = 0; index < size; index++) {
    damped[index * (size + 1)] = (matrix[index * (size + 1)] ?? 0) * (1 + damping);
  }
  const down = solveSymmetric(damped, gradient);
  return down === null ? null : parameters.map((value, index) => value - (down[index] ?? 0));
}

function inverse(matrix: Float64Array, size: number): Float64Array | null {
  const result = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solveSymmetric(matrix, unit);
    if (solved === null) return null;
    result.set(solved, column * size);
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

function sumOfSquares(values: Float64Array): number {
  return dot(values, values);
}
