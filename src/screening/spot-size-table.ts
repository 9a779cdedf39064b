import type { ThermalLens } from '../domain/optics.ts';
import type { SpotSizeTable } from './spot-size.ts';

/** Made by `npm run table:spot-size` from the simulated optics (pixel response Gaussian, FWHM 1.3 pixels). */
export const SPOT_SIZE: Readonly<Record<ThermalLens, SpotSizeTable>> = {
  BAB: [
    { facePx: 4.62, lossC: 0.74, glasses: 2.18, spreadC: 0.098 },
    { facePx: 4.97, lossC: 0.69, glasses: 1.21, spreadC: 0.059 },
    { facePx: 5.23, lossC: 0.66, glasses: 0.96, spreadC: 0.054 },
    { facePx: 5.51, lossC: 0.64, glasses: 0.76, spreadC: 0.046 },
    { facePx: 5.84, lossC: 0.6, glasses: 0.63, spreadC: 0.032 },
    { facePx: 6.21, lossC: 0.56, glasses: 0.42, spreadC: 0.031 },
    { facePx: 6.61, lossC: 0.55, glasses: 0.34, spreadC: 0.03 },
    { facePx: 7.07, lossC: 0.52, glasses: 0.27, spreadC: 0.024 },
    { facePx: 7.59, lossC: 0.5, glasses: 0.24, spreadC: 0.023 },
    { facePx: 8.25, lossC: 0.48, glasses: 0.18, spreadC: 0.022 },
    { facePx: 8.94, lossC: 0.46, glasses: 0.13, spreadC: 0.023 },
    { facePx: 9.8, lossC: 0.45, glasses: 0.11, spreadC: 0.022 },
    { facePx: 10.86, lossC: 0.43, glasses: 0.09, spreadC: 0.021 },
    { facePx: 12.17, lossC: 0.42, glasses: 0.06, spreadC: 0.021 },
    { facePx: 13.79, lossC: 0.41, glasses: 0.04, spreadC: 0.021 },
    { facePx: 15.93, lossC: 0.4, glasses: 0.03, spreadC: 0.019 },
  ],
  BAA: [
    { facePx: 4.93, lossC: 0.73, glasses: 1.62, spreadC: 0.076 },
    { facePx: 5.44, lossC: 0.67, glasses: 1, spreadC: 0.055 },
    { facePx: 6.08, lossC: 0.59, glasses: 0.62, spreadC: 0.029 },
    { facePx: 6.46, lossC: 0.57, glasses: 0.42, spreadC: 0.03 },
    { facePx: 6.93, lossC: 0.54, glasses: 0.35, spreadC: 0.024 },
    { facePx: 7.39, lossC: 0.52, glasses: 0.29, spreadC: 0.026 },
    { facePx: 7.95, lossC: 0.5, glasses: 0.24, spreadC: 0.024 },
    { facePx: 8.63, lossC: 0.48, glasses: 0.18, spreadC: 0.023 },
    { facePx: 9.4, lossC: 0.46, glasses: 0.14, spreadC: 0.023 },
    { facePx: 10.28, lossC: 0.45, glasses: 0.12, spreadC: 0.024 },
    { facePx: 11.41, lossC: 0.43, glasses: 0.08, spreadC: 0.023 },
  ],
};
