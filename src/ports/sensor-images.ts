/**
 * EEPROM images of the sensors commissioned at this gate: 832 words each, by serial number. A sensor's calibration has
 * no checksum of its own, and corruption in the field is known.
 */
export interface SensorImages {
  all(): ReadonlyMap<string, Uint16Array>;
  /** Keeps an image in place of what was kept of that sensor. */
  accept(id: string, eeprom: Uint16Array): Promise<void>;
}
