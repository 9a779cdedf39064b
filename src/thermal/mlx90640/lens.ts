import type { ThermalLens } from '../../domain/optics.ts';
import type { Calibration } from './calibration.ts';

/** The wide lens dims the corners to a third, the narrow one to two thirds. */
const WIDE_FROM_RATIO = 2.2;
const CENTRE = [11 * 32 + 15, 11 * 32 + 16, 12 * 32 + 15, 12 * 32 + 16];
const CORNERS = [0, 31, 23 * 32, 23 * 32 + 31];

/** Which lens a sensor has, from how much less its corners see: measured 1.6 for BAB, 3.1 to 4.6 for BAA. */
export function lensOf(calibration: Calibration): ThermalLens {
  const sum = (pixels: readonly number[]): number =>
    pixels.reduce((total, pixel) => total + (calibration.alpha[pixel] ?? 0), 0);
  return sum(CENTRE) / sum(CORNERS) > WIDE_FROM_RATIO ? 'BAA' : 'BAB';
}
