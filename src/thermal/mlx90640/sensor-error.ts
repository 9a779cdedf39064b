/**
 * Why the thermal sensor can not be used, by kind; stable, for logs and tests.
 * - `absent` nothing acknowledges at its address
 * - `bus` the I2C bus fails
 * - `eeprom-unreadable` two readings of the EEPROM never agree
 * - `eeprom-invalid` the EEPROM can not be a sensor's calibration
 * - `eeprom-changed` its EEPROM is not what it was at commissioning
 * - `sensor-unknown` it is not a sensor that was commissioned at this gate
 * - `wrong-lens` the sensor has another lens than the configuration says
 * - `control-refused` the sensor does not take its settings
 * - `sensor-reset` it lost its settings while running, as after a dip in its supply
 * - `data-timeout` no new subpage for three periods
 * - `bus-too-slow` every subpage is overwritten while it is read
 * - `write-refused` a write to anything but the status and control registers was stopped; a bug
 */
export type SensorErrorCode =
  | 'absent'
  | 'bus'
  | 'eeprom-unreadable'
  | 'eeprom-invalid'
  | 'eeprom-changed'
  | 'sensor-unknown'
  | 'wrong-lens'
  | 'control-refused'
  | 'sensor-reset'
  | 'data-timeout'
  | 'bus-too-slow'
  | 'write-refused';

/** The thermal sensor can not be used. */
export class SensorError extends Error {
  override readonly name = 'SensorError';
  readonly code: SensorErrorCode;
  constructor(code: SensorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
