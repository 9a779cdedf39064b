/**
 * One I2C bus. A transfer writes, then reads after a repeated START, as one transaction that no other process can
 * come between. Rejects with {@link I2cError} when the device does not answer.
 */
export interface I2cBus {
  /**
   * @param address 7-bit, right-aligned (MLX90640: 0x33)
   * @param write bytes sent after the address
   * @param readLength bytes read after the repeated START; 0 for a plain write
   */
  transfer(address: number, write: Uint8Array, readLength: number): Promise<Uint8Array>;
}

/** What went wrong on the bus, by kind. */
export type I2cErrorCode = 'no-acknowledge' | 'timeout' | 'arbitration-lost' | 'bus-stuck' | 'io';

/** A failed bus transaction. */
export class I2cError extends Error {
  override readonly name = 'I2cError';
  readonly code: I2cErrorCode;
  constructor(code: I2cErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
