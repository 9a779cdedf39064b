/** Columns and rows of the MLX90640 array (datasheet section 1). */
export const THERMAL_COLUMNS = 32;
export const THERMAL_ROWS = 24;
export const THERMAL_PIXELS = THERMAL_COLUMNS * THERMAL_ROWS;

/** One decoded thermal picture: both subpages, the newer one just read. */
export type Thermogram = Readonly<{
  /** When the newer subpage was ready, ms on the gate's monotonic clock. */
  atMs: number;
  /** Subpage that is new in this picture: the sensor's pixels whose row + column is even (0) or odd (1). */
  subpage: 0 | 1;
  /** True when columns were reversed against the sensor's, which swaps the subpages' pixels. */
  mirrored: boolean;
  /** Object temperatures, row-major 32 x 24, in degC; NaN where the sensor has no value. */
  toC: Float32Array;
  /** 1 where a value was interpolated over a deviating pixel: never a face's hottest spot. */
  interpolated: Uint8Array;
  /** Die temperature Ta, filtered, degC. */
  taC: number;
  /** Supply voltage, filtered, V. */
  vddV: number;
  /** False until the sensor has settled thermally after power-on (datasheet: up to 4 minutes). */
  settled: boolean;
}>;
