/** How a subpage's pixels are laid out: alternating like a chess board, or row by row. */
export type ReadOut = 'chess' | 'interleaved';

/** Everything the EEPROM tells about one sensor, restored in double precision (datasheet section 11.1). */
export type Calibration = Readonly<{
  /** ADC counts per volt (11.1.1). */
  kVdd: number;
  /** ADC counts at 25 degC and 3.3 V (11.1.1). */
  vdd25: number;
  /** Per volt (11.1.2). */
  kvPtat: number;
  /** Counts per kelvin (11.1.2). */
  ktPtat: number;
  /** Counts at 25 degC (11.1.2). */
  vPtat25: number;
  /** 8..11.75 (11.1.2). */
  alphaPtat: number;
  /** Counts of the gain word at calibration (11.1.7). */
  gain: number;
  /** Temperature gradient coefficient, -4..4; 0 for parts with suffix A (11.1.16). */
  tgc: number;
  /** ADC resolution code at calibration, 0..3 for 16..19 bits (11.1.17). */
  resolution: number;
  /** Sensitivity slope with the die temperature, per kelvin (11.1.8). */
  ksTa: number;
  /** Sensitivity slope with the object temperature in each of the four ranges, per kelvin (11.1.9). */
  ksTo: readonly [number, number, number, number];
  /** Lower end of each of the four ranges, degC (11.1.10). */
  ct: readonly [number, number, number, number];
  /** Sensitivity of the compensation pixel of each subpage (11.1.12). */
  cpAlpha: readonly [number, number];
  /** Offset of the compensation pixel of each subpage, counts (11.1.13). */
  cpOffset: readonly [number, number];
  /** Per volt (11.1.14). */
  cpKv: number;
  /** Per kelvin (11.1.15). */
  cpKta: number;
  /** Corrections for a read-out other than the calibrated one, counts (11.1.18 and 11.2.2.5.2). */
  ilChess: readonly [number, number, number];
  /** Read-out in which the sensor was calibrated. */
  calibratedReadOut: ReadOut;
  /** Sensitivity of each pixel, row-major 32 x 24 (11.1.4), less TGC times the mean of `cpAlpha`. */
  alpha: Float64Array;
  /** Offset of each pixel, counts (11.1.3). */
  offset: Float64Array;
  /** Offset slope of each pixel with the die temperature, per kelvin (11.1.6). */
  kta: Float64Array;
  /** Offset slope of each pixel with the supply, per volt (11.1.5). */
  kv: Float64Array;
  /** Pixels without calibration (word 0), ascending (datasheet section 9). */
  broken: readonly number[];
  /** Pixels marked as deviating (bit 0), ascending (datasheet section 9). */
  outlier: readonly number[];
}>;
