import type { Point } from '../domain/geometry.ts';
import type { Mount } from '../domain/optics.ts';
import { thermalPixelOf } from './geometry.ts';
import type { HeadView } from './head-model.ts';
import { MOUNT_PARAMETERS, modelOf, PARAMETERS } from './model-parameters.ts';
import type { MountSolution } from './solve-mount.ts';

/** Distances of the gate's field, metres, and places across the camera's picture, in shares of its width and height. */
const DISTANCES_M = [0.4, 0.6, 0.9, 1.5];
const PLACES: readonly Point[] = [
  { x: 0.5, y: 0.5 },
  { x: 0.35, y: 0.5 },
  { x: 0.65, y: 0.5 },
  { x: 0.5, y: 0.35 },
  { x: 0.5, y: 0.65 },
];
const STEP = 1e-4;

/**
 * Root mean square over the gate's field of where a face would be put wrongly, as the solution's covariance has it,
 * thermal pixels (across and down together); NaN without a covariance.
 */
export function expectedErrorPx(
  { covariance, parameters }: Pick<MountSolution, 'covariance' | 'parameters'>,
  configured: Mount,
  { camera, thermal }: Pick<HeadView, 'camera' | 'thermal'>,
): number {
  if (covariance === null) return Number.NaN;
  const seenAt = (moved: Float64Array, place: Point, distanceM: number): Point =>
    thermalPixelOf(
      { camera, thermal, mount: modelOf(moved, configured).mount },
      { x: place.x * camera.width, y: place.y * camera.height },
      distanceM,
    );
  const variances = DISTANCES_M.flatMap((distanceM) =>
    PLACES.map((place) => {
      const slopes = Array.from({ length: MOUNT_PARAMETERS }, (_, index) => {
        const shifted = (by: number): Point => {
          const moved = parameters.slice();
          moved[index] = (moved[index] ?? 0) + by;
          return seenAt(moved, place, distanceM);
        };
        const [above, below] = [shifted(STEP), shifted(-STEP)];
        return { x: (above.x - below.x) / (2 * STEP), y: (above.y - below.y) / (2 * STEP) };
      });
      return (
        varianceOf(
          slopes.map(({ x }) => x),
          covariance,
        ) +
        varianceOf(
          slopes.map(({ y }) => y),
          covariance,
        )
      );
    }),
  );
  return Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0) / variances.length);
}

function varianceOf(slopes: readonly number[], covariance: Float64Array): number {
  return slopes.reduce(
    (sum, a, row) =>
      sum +
      slopes.reduce((part, b, column) => part + a * b * (covariance[row * PARAMETERS + column] ?? 0), 0),
    0,
  );
}
