import type { Rect } from './geometry.ts';

/** Where a face lies in the thermal picture, in thermal pixels, and how far away it is. */
export type ThermalRegion = Readonly<{
  /** Brow to chin, ear to ear. */
  face: Rect;
  /** Forehead to the bridge of the nose: what a mask leaves bare. */
  upperFace: Rect;
  distanceM: number;
  /** Share of the upper face inside the thermal array's view, 0..1. */
  inView: number;
}>;
