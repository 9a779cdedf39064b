import type { Clock } from '../../ports/clock.ts';
import { type I2cBus, I2cError } from '../../ports/i2c-bus.ts';
import { REGISTER } from './registers.ts';
import { SensorError } from './sensor-error.ts';

/** Waits before the first, second and third repetition, ms; together longer than the sensor needs after power-on. */
const BACK_OFF_MS = [5, 25, 120] as const;

/** 16-bit words over I2C: address and data high byte first, each read one combined transfer (datasheet section 10.2). */
export interface RegisterAccess {
  /** Reads `count` consecutive words in one transfer. */
  read(address: number, count: number, signal?: AbortSignal): Promise<Uint16Array>;
  /** Writes one word, to the status or control register only. */
  write(address: number, word: number, signal?: AbortSignal): Promise<void>;
  /** Transfers repeated after a bus error. */
  readonly retries: number;
}

/**
 * The one way from the driver to the bus. The EEPROM (0x2400..0x273F) and the address register (0x8010) take plain
 * writes and are lost by them, so every write is stopped but those to the two registers the driver needs.
 */
export function createRegisterAccess(bus: I2cBus, clock: Clock, i2cAddress: number): RegisterAccess {
  let retries = 0;

  const transfer = async (
    write: Uint8Array,
    readLength: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array> => {
    for (const waitMs of BACK_OFF_MS) {
      try {
        return await complete(bus, i2cAddress, write, readLength);
      } catch (error) {
        if (!(error instanceof I2cError)) throw error;
        retries++;
        await clock.sleep(waitMs, signal);
      }
    }
    try {
      return await complete(bus, i2cAddress, write, readLength);
    } catch (error) {
      throw asSensorError(error, i2cAddress);
    }
  };

  return {
    get retries() {
      return retries;
    },
    async read(address, count, signal) {
      const bytes = await transfer(Uint8Array.of(address >> 8, address & 0xff), 2 * count, signal);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return Uint16Array.from({ length: count }, (_, index) => view.getUint16(2 * index));
    },
    async write(address, word, signal) {
      refuseUnlessWritable(address);
      await transfer(Uint8Array.of(address >> 8, address & 0xff, word >> 8, word & 0xff), 0, signal);
    },
  };
}

function refuseUnlessWritable(address: number): void {
  if (address === REGISTER.status || address === REGISTER.control) return;
  throw new SensorError('write-refused', `write to 0x${address.toString(16)} stopped`);
}

async function complete(
  bus: I2cBus,
  i2cAddress: number,
  write: Uint8Array,
  readLength: number,
): Promise<Uint8Array> {
  const bytes = await bus.transfer(i2cAddress, write, readLength);
  if (bytes.length >= readLength) return bytes;
  throw new I2cError('io', `${readLength} bytes asked, ${bytes.length} came`);
}

function asSensorError(error: unknown, i2cAddress: number): unknown {
  if (!(error instanceof I2cError)) return error;
  const where = `MLX90640 at 0x${i2cAddress.toString(16)}`;
  if (error.code === 'no-acknowledge') {
    return new SensorError('absent', `${where} does not answer: ${error.message}`, { cause: error });
  }
  return new SensorError('bus', `${where}: ${error.code}: ${error.message}`, { cause: error });
}
