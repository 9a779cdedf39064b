/**
 * Solves a symmetric, positive definite system by Cholesky's factors.
 * @param matrix row-major, size x size
 * @returns null when the matrix is not positive definite
 */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array | null {
  const size = right.length;
  const factor = choleskyFactor(matrix, size);
  if (factor === null) return null;
  const at = (row: number, column: number): number => factor[row * size + column] ?? 0;
  const solution = right.slice();
  for (let row = 0; row < size; row++) {
    let rest = solution[row] ?? 0;
    for (let column = 0; column < row; column++) rest -= at(row, column) * (solution[column] ?? 0);
    solution[row] = rest / at(row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let rest = solution[row] ?? 0;
    for (let below = row + 1; below < size; below++) rest -= at(below, row) * (solution[below] ?? 0);
    solution[row] = rest / at(row, row);
  }
  return solution;
}

/** Lower triangle L with L L' = matrix. */
function choleskyFactor(matrix: Float64Array, size: number): Float64Array | null {
  const factor = new Float64Array(size * size);
  const restOf = (row: number, column: number): number => {
    let rest = matrix[row * size + column] ?? 0;
    for (let before = 0; before < column; before++) {
      rest -= (factor[row * size + before] ?? 0) * (factor[column * size + before] ?? 0);
    }
    return rest;
  };
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      factor[row * size + column] = restOf(row, column) / (factor[column * (size + 1)] ?? 1);
    }
    const square = restOf(row, row);
    if (!(square > 0)) return null;
    factor[row * (size + 1)] = Math.sqrt(square);
  }
  return factor;
}
