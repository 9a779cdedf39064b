import type { ThermalLens } from '../domain/optics.ts';
import type { ThermometryParams } from './face-temperature.ts';

/**
 * What the hottest fifth of the upper face reads below the inner eye corners, by the face's width in thermal pixels:
 * noise-free faces (forehead 0.45 degC below the corners, pixel response Gaussian, FWHM 1.3 pixels) seen through each
 * lens. Hardly depends on the distance, which is why that statistic was chosen.
 */
export const SPOT_SIZE_LOSS_C: Readonly<Record<ThermalLens, ThermometryParams['spotSizeLossC']>> = {
  BAB: [
    [5, 0.4],
    [6.5, 0.37],
    [8.2, 0.35],
    [9.9, 0.34],
    [12.2, 0.33],
  ],
  BAA: [
    [5.5, 0.48],
    [6.1, 0.41],
    [6.9, 0.39],
    [8, 0.36],
  ],
};
