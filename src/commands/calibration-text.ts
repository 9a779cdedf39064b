import { type MountSettings, mountSettingsOf } from '../app/gate-params.ts';
import type { Mount } from '../domain/optics.ts';
import type { KeptRegistration } from '../records/kept-registration.ts';
import type { Calibration } from '../registration/calibration.ts';
import type { LoadedRegistration } from './registration-in-force.ts';

/** What a walk came to, for whoever walked. */
export function calibrationText(calibration: Calibration, configured: Mount): string {
  const { solution, span, expectedErrorPx } = calibration;
  const { residual, residualBefore } = solution;
  const sides = `left ${percent(span.leftShare)}, right ${percent(span.rightShare)}, up ${percent(span.upShare)}, down ${percent(span.downShare)}`;
  const seen = [
    `${span.pairs} of ${solution.used.length} moments used, ${metres(span.nearestM)} to ${metres(span.farthestM)} m, ${sides}, crown seen in ${span.crowns}`,
  ];
  if (calibration.kind === 'refused') {
    const why = calibration.refusals.flatMap(({ reason, remedy }) => [`  ${reason}`, `    → ${remedy}`]);
    return lines(['refused, nothing changes:', ...why, ...seen]);
  }
  return lines([
    ...seen,
    `heads off by ${px(residualBefore.rmsPx)} thermal pixels with the configured mount, ${px(residual.rmsPx)} with the solved one (p95 ${px(residual.p95Px)})`,
    `new faces: ${px(expectedErrorPx)} pixels by the solution's covariance`,
    `configured ${mountText(mountSettingsOf(configured))}`,
    `solved     ${mountText(mountSettingsOf(solution.model.mount))}`,
  ]);
}

/** The same for machines. */
export function calibrationJson(calibration: Calibration): string {
  const { kind, span, expectedErrorPx, solution } = calibration;
  const { model, residual, residualBefore, used, covariance, iterations } = solution;
  const { mount, ...person } = model;
  const result = {
    result: kind,
    ...(calibration.kind === 'refused' && { refusals: calibration.refusals }),
    mount: mountSettingsOf(mount),
    person,
    residual,
    residualBefore,
    expectedErrorPx,
    span,
    moments: { used: used.filter(Boolean).length, of: used.length },
    iterations,
    /** Of the parameters in standard deviations of what is believed beforehand, row by row. */
    covariance: covariance === null ? null : [...covariance],
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** What is kept, and what of it is in force. */
export function keptText(
  kept: KeptRegistration | null,
  { source, config, upkeep }: LoadedRegistration,
  notes: readonly string[],
): string {
  const { visits, shift, movedOnDay } = upkeep.upkeep;
  const calibration =
    kept === null
      ? ['no calibration is kept']
      : [
          `calibrated ${kept.keptAt}${kept.simulatedSeed === null ? '' : `, simulated gate ${kept.simulatedSeed}`}, lens ${kept.optics.lens}, camera ${kept.optics.cameraWidth}x${kept.optics.cameraHeight}`,
          `heads off by ${px(kept.residual.beforeRmsPx)} thermal pixels before, ${px(kept.residual.rmsPx)} after; ${kept.span.pairs} moments, ${metres(kept.span.nearestM)} to ${metres(kept.span.farthestM)} m`,
        ];
  return lines([
    ...calibration,
    ...notes,
    `in force: the ${source} mount, ${mountText(config.mount)}`,
    `visitors since: ${visits}, heads ${px(Math.hypot(shift.across, shift.down))} pixels off on average${movedOnDay === null ? '' : ': the mount has moved, calibrate again'}`,
  ]);
}

function mountText(mount: MountSettings): string {
  const { rightMm, downMm, forwardMm, yawDeg, pitchDeg, rollDeg } = mount;
  return [
    `right ${rightMm.toFixed(1)}, down ${downMm.toFixed(1)}, forward ${forwardMm.toFixed(1)} mm`,
    `yaw ${yawDeg.toFixed(2)}, pitch ${pitchDeg.toFixed(2)}, roll ${rollDeg.toFixed(2)} degrees`,
  ].join('; ');
}

function px(value: number): string {
  return Number.isNaN(value) ? '?' : value.toFixed(2);
}

function metres(value: number): string {
  return Number.isNaN(value) ? '?' : value.toFixed(2);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
