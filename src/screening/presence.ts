import { THERMAL_PIXELS, type Thermogram } from '../domain/thermogram.ts';

/** What makes a thermal picture one with somebody in it. */
export type PresenceParams = Readonly<{
  /** A pixel this far above the surroundings may be somebody, degC. */
  aboveSurroundingsC: number;
  /** And must be at least this warm, degC: a heated wall is not a person. */
  atLeastC: number;
  /** So many such pixels are somebody; a lamp or a cup far away is fewer. */
  pixels: number;
}>;

const SURROUNDINGS_QUANTILE = 0.25;

/** Temperature of the surroundings: the lower quartile of the picture, degC; NaN when no pixel is valid. */
export function surroundingsC(thermogram: Thermogram): number {
  const sorted = thermogram.toC.filter((value) => !Number.isNaN(value)).sort();
  return sorted[Math.floor(sorted.length * SURROUNDINGS_QUANTILE)] ?? Number.NaN;
}

/** Whether somebody warm stands in the thermal array's view. */
export function somebodyPresent(thermogram: Thermogram, params: PresenceParams): boolean {
  const limitC = Math.max(surroundingsC(thermogram) + params.aboveSurroundingsC, params.atLeastC);
  let warm = 0;
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const value = thermogram.toC[pixel];
    if (value !== undefined && value >= limitC) warm++;
  }
  return warm >= params.pixels;
}
