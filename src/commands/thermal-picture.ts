import { thermalColour } from '../domain/palette.ts';
import { THERMAL_COLUMNS, THERMAL_ROWS } from '../domain/thermogram.ts';

/** A drawn thermal picture and the temperatures at the ends of its colours. */
export type ThermalPicture = Readonly<{
  width: number;
  height: number;
  rgb: Uint8Array;
  minC: number;
  maxC: number;
}>;

/** Draws 768 temperatures, degC, each as a square of `scale` pixels; coldest and hottest span the palette. */
export function drawThermalPicture(toC: Float64Array, scale: number): ThermalPicture {
  const known = toC.filter((value) => !Number.isNaN(value));
  const minC = Math.min(...known);
  const maxC = Math.max(...known);
  const width = THERMAL_COLUMNS * scale;
  const height = THERMAL_ROWS * scale;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = Math.floor(y / scale) * THERMAL_COLUMNS + Math.floor(x / scale);
      rgb.set(thermalColour(toC[pixel] ?? Number.NaN, minC, maxC), (y * width + x) * 3);
    }
  }
  return { width, height, rgb, minC, maxC };
}
