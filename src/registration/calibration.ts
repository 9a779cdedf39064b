import type { Mount } from '../domain/optics.ts';
import { expectedErrorPx } from './expected-error.ts';
import type { HeadView } from './head-model.ts';
import { type FacePair, type MountSolution, solveMount } from './solve-mount.ts';
import { faultsOf, type Span, type SpanFault, spanOf } from './span.ts';

/** Why a calibration is refused, and what to do. */
export type Refusal = Readonly<{
  fault: SpanFault['fault'] | 'residual' | 'too-many-outliers' | 'undetermined' | 'far-off';
  reason: string;
  remedy: string;
}>;

/** What somebody's walk before the gate came to. */
export type Calibration = Readonly<{
  span: Span;
  /** What new faces are to be off by, by the solution's own covariance, thermal pixels; NaN when undetermined. */
  expectedErrorPx: number;
  solution: MountSolution;
}> &
  (Readonly<{ kind: 'solved' }> | Readonly<{ kind: 'refused'; refusals: readonly Refusal[] }>);

/** Above this the gate would read beside the face. */
const RESIDUAL_AT_MOST_PX = 1;
const EXPECTED_ERROR_AT_MOST_PX = 0.75;
const OUTLIERS_AT_MOST = 0.35;
/** So far from the configured mount it is the configuration that is wrong. */
const OFFSET_AT_MOST_M = 0.05;
const TURN_AT_MOST_RAD = (12 * Math.PI) / 180;

/** Solves the mount from one walk and judges whether it may be used. */
export function calibrate(pairs: readonly FacePair[], configured: Mount, view: HeadView): Calibration {
  const solution = solveMount(pairs, configured, view);
  const span = spanOf(
    pairs.filter((_, index) => solution.used[index]),
    view,
  );
  const found = { span, solution, expectedErrorPx: expectedErrorPx(solution, configured, view) };
  const faults = faultsOf(span);
  // Pairs that do not span the field leave everything else undetermined: one reason is enough.
  const refusals = faults.length > 0 ? faults : refusalsOf(found, pairs.length, configured);
  return refusals.length === 0 ? { kind: 'solved', ...found } : { kind: 'refused', ...found, refusals };
}

type Found = Omit<Extract<Calibration, { kind: 'solved' }>, 'kind'>;

function refusalsOf(
  { solution, span, expectedErrorPx: expectedPx }: Found,
  pairs: number,
  configured: Mount,
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const { residual, model } = solution;
  if (1 - span.pairs / pairs > OUTLIERS_AT_MOST) {
    refusals.push({
      fault: 'too-many-outliers',
      reason: `${pairs - span.pairs} of ${pairs} moments do not fit the others`,
      remedy: 'one person alone, nothing else warm in view; check thermal.mirrored and camera.rotationDeg',
    });
  }
  if (!(residual.rmsPx <= RESIDUAL_AT_MOST_PX)) {
    refusals.push({
      fault: 'residual',
      reason: `heads are ${residual.rmsPx.toFixed(2)} thermal pixels off after solving, at most ${RESIDUAL_AT_MOST_PX} is usable`,
      remedy: 'check thermal.mirrored, camera.rotationDeg and camera.horizontalFovDeg; then walk more slowly',
    });
  }
  if (
    movedM(model.mount, configured) > OFFSET_AT_MOST_M ||
    turnedRad(model.mount, configured) > TURN_AT_MOST_RAD
  ) {
    refusals.push({
      fault: 'far-off',
      reason: 'the thermal array seems to sit more than 50 mm or 12 degrees from where mount.* says',
      remedy: 'measure the mount, set mount.*, thermal.mirrored and camera.rotationDeg, and calibrate again',
    });
  }
  if (!(expectedPx <= EXPECTED_ERROR_AT_MOST_PX)) {
    refusals.push({
      fault: 'undetermined',
      reason: `new faces could be ${expectedPx.toFixed(2)} thermal pixels off, at most ${EXPECTED_ERROR_AT_MOST_PX} is wanted`,
      remedy: 'walk again, with more places near and far, left and right',
    });
  }
  return refusals;
}

/** How far two mounts are apart, metres. */
function movedM(a: Mount, b: Mount): number {
  return Math.hypot(a.offsetM.x - b.offsetM.x, a.offsetM.y - b.offsetM.y, a.offsetM.z - b.offsetM.z);
}

/** The largest difference of their turns, radians. */
function turnedRad(a: Mount, b: Mount): number {
  return Math.max(
    Math.abs(a.yawRad - b.yawRad),
    Math.abs(a.pitchRad - b.pitchRad),
    Math.abs(a.rollRad - b.rollRad),
  );
}
