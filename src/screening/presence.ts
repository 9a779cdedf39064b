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

/** From here on a pixel may be somebody, degC. */
export function warmFromC(backgroundC: number, params: PresenceParams): number {
  return Math.max(backgroundC + params.aboveSurroundingsC, params.atLeastC);
}

/**
 * Whether somebody warm stands in the thermal array's view.
 * @param limitC from here on a pixel may be somebody, degC
 * @param masked 1 where something else is known to be warm
 */
export function somebodyPresent(
  thermogram: Thermogram,
  limitC: number,
  params: PresenceParams,
  masked: Uint8Array,
): boolean {
  let warm = 0;
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const value = thermogram.toC[pixel];
    if (value !== undefined && value >= limitC && masked[pixel] !== 1) warm++;
  }
  return warm >= params.pixels;
}
