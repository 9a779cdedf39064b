import type { ThermalLens } from '../domain/optics.ts';
import type { ThermometryParams } from './face-temperature.ts';

/** Loss of the hottest fifth against the hottest spot, by the face's width in thermal pixels. */
export const SPOT_SIZE_LOSS_C: Readonly<Record<ThermalLens, ThermometryParams['spotSizeLossC']>> = {
  BAB: [
    [6, 0.6],
    [12, 0.4],
  ],
  BAA: [
    [3, 1.5],
    [6, 0.6],
  ],
};
