import { THERMAL_COLUMNS, THERMAL_PIXELS, THERMAL_ROWS, type Thermogram } from '../domain/thermogram.ts';

/** Pixels that show something hot which is no visitor. */
export type HotSpots = Readonly<{
  /** 1 where something hotter than living skin is seen, and around it: hides whatever is behind. */
  hot: Uint8Array;
  /** 1 there, and where the background is always warm (sun on a wall): no sign of a visitor. */
  noVisitor: Uint8Array;
  /** Pixels of it, without those around. */
  pixels: number;
  /** Per pixel: since when it has been warm without a face in view, ms; NaN while it is not. */
  warmSinceMs: Float64Array;
}>;

export const noHotSpots: HotSpots = {
  hot: new Uint8Array(THERMAL_PIXELS),
  noVisitor: new Uint8Array(THERMAL_PIXELS),
  pixels: 0,
  warmSinceMs: new Float64Array(THERMAL_PIXELS).fill(Number.NaN),
};

/** Hotter than any living skin: a lamp, a heater, sun on metal, a cup, degC. */
const HOTTER_THAN_SKIN_C = 46;
/** A place that stays warm so long while no face is found there is no visitor, ms. */
const ALWAYS_THERE_MS = 60_000;

/**
 * Where something hot is in view after a thermogram.
 * @param warmFromC what counts as somebody's warmth, degC
 * @param facesInView somebody stands there: warmth is no sign of a heater then
 */
export function watchHotSpots(
  before: HotSpots,
  { toC, atMs }: Thermogram,
  warmFromC: number,
  facesInView: boolean,
): HotSpots {
  const warmSinceMs = before.warmSinceMs.slice();
  const hot = new Uint8Array(THERMAL_PIXELS);
  const noVisitor = new Uint8Array(THERMAL_PIXELS);
  let pixels = 0;
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const value = toC[pixel] ?? Number.NaN;
    const since = warmSinceMs[pixel] ?? Number.NaN;
    const always = atMs - since >= ALWAYS_THERE_MS;
    if (!(value >= warmFromC)) warmSinceMs[pixel] = Number.NaN;
    else if (Number.isNaN(since) || (facesInView && !always)) warmSinceMs[pixel] = atMs;
    if (value >= HOTTER_THAN_SKIN_C) markAround(hot, pixel);
    if (value >= HOTTER_THAN_SKIN_C || (always && value >= warmFromC)) {
      pixels++;
      markAround(noVisitor, pixel);
    }
  }
  return { hot, noVisitor, pixels, warmSinceMs };
}

/** The lens' blur spreads a hot pixel over its neighbours. */
function markAround(masked: Uint8Array, pixel: number): void {
  const [row, column] = [Math.floor(pixel / THERMAL_COLUMNS), pixel % THERMAL_COLUMNS];
  for (let y = Math.max(0, row - 1); y <= Math.min(THERMAL_ROWS - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(THERMAL_COLUMNS - 1, column + 1); x++) {
      masked[y * THERMAL_COLUMNS + x] = 1;
    }
  }
}
