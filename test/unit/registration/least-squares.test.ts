import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { solveSymmetric } from '../../../src/registration/cholesky.ts';
import { leastSquares } from '../../../src/registration/least-squares.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });

describe('a symmetric system', () => {
  test('is solved whenever it is positive definite', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(number, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
        fc.array(number, { minLength: 4, maxLength: 4 }),
        (rows, wanted) => {
          // A A' + I is positive definite.
          const matrix = Float64Array.from({ length: 16 }, (_, index) => {
            const [a = [], b = []] = [rows[index >> 2], rows[index & 3]];
            const product = a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
            return product + (index >> 2 === (index & 3) ? 1 : 0);
          });
          const right = Float64Array.from({ length: 4 }, (_, row) =>
            wanted.reduce((sum, value, column) => sum + value * (matrix[4 * row + column] ?? 0), 0),
          );
          const solved = solveSymmetric(matrix, right);
          wanted.forEach((value, index) => {
            expect(solved?.[index]).toBeCloseTo(value, 6);
          });
        },
      ),
    );
  });

  test('has no solution when it is not', () => {
    expect(solveSymmetric(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toBeNull();
    expect(solveSymmetric(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2))).toBeNull();
  });
});

describe('least squares', () => {
  test('finds a line and how well it is determined', () => {
    const places = [0, 1, 2, 3, 4];
    const result = leastSquares({
      start: Float64Array.of(0, 0),
      residuals: (p) => Float64Array.from(places, (x) => (p[0] ?? 0) + (p[1] ?? 0) * x - (2 - 0.5 * x)),
      step: 1e-4,
    });
    expect(result.converged).toBe(true);
    expect(result.parameters[0]).toBeCloseTo(2, 8);
    expect(result.parameters[1]).toBeCloseTo(-0.5, 8);
    // Inverse of [[5, 10], [10, 30]].
    expect([...(result.covariance ?? [])].map((value) => Math.round(value * 1000) / 1000)).toEqual([
      0.6, -0.2, -0.2, 0.1,
    ]);
  });

  test('goes round the bend of Rosenbrock’s valley', () => {
    const result = leastSquares({
      start: Float64Array.of(-1.2, 1),
      residuals: (p) => Float64Array.of(10 * ((p[1] ?? 0) - (p[0] ?? 0) ** 2), 1 - (p[0] ?? 0)),
      step: 1e-5,
    });
    expect(result.parameters[0]).toBeCloseTo(1, 5);
    expect(result.parameters[1]).toBeCloseTo(1, 5);
  });

  test('never ends above where it began', () => {
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const residuals = (p: Float64Array): Float64Array =>
          Float64Array.of(
            Math.sin((p[0] ?? 0) * a) - b,
            Math.atan((p[1] ?? 0) + c),
            (p[0] ?? 0) * (p[1] ?? 0),
          );
        const start = Float64Array.of(b, c);
        const before = residuals(start).reduce((sum, value) => sum + value * value, 0);
        expect(leastSquares({ start, residuals, step: 1e-5 }).cost).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('says when the parameters are not determined', () => {
    const result = leastSquares({
      start: Float64Array.of(1, 1),
      residuals: (p) => Float64Array.of((p[0] ?? 0) - 3, 0),
      step: 1e-4,
    });
    expect(result.covariance).toBeNull();
  });
});
