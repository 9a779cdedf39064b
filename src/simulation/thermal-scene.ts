/** What the virtual thermal array looks at. */
export interface ThermalScene {
  /**
   * Fills `toC` (768, row-major, column 0 on the left as the sensor looks) with the temperature each pixel sees at
   * that time: true surface temperatures averaged over the pixel's response (PSF), degC, before the sensor's own noise.
   */
  render(atMs: number, toC: Float64Array): void;
  /** Temperature of the surroundings that skin reflects, degC. */
  readonly ambientC: number;
  /** How fast that changes, degC a minute; absent: not at all. */
  readonly ambientSlopeCPerMinute?: number;
}
