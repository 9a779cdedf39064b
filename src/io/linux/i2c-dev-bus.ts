import { type FileHandle, open } from 'node:fs/promises';
import { type I2cBus, I2cError, type I2cErrorCode } from '../../ports/i2c-bus.ts';
import { DeviceError, openingError, systemCodeOf } from './device-error.ts';
import { i2cReadWrite, ioctl } from './libc.ts';

/** An I2C bus of the kernel (/dev/i2c-N). */
export interface I2cDevBus extends I2cBus {
  close(): Promise<void>;
}

const READ = 0x0001;
const I2C_FUNCS = 0x0705;
const FUNC_I2C = 0x00000001;

/** What the kernel's drivers report (Documentation/i2c/fault-codes.rst, i2c-bcm2835, i2c-designware). */
const KINDS: Readonly<Record<string, I2cErrorCode>> = {
  EREMOTEIO: 'no-acknowledge',
  ENXIO: 'no-acknowledge',
  ETIMEDOUT: 'timeout',
  EAGAIN: 'arbitration-lost',
  EBUSY: 'bus-stuck',
};

/**
 * Errors after which the bus itself may have gone: the file is opened anew. A USB bridge pulled out gives timeouts, and
 * the kernel does not let go of it while it is open.
 */
const GONE = new Set(['ENODEV', 'EBADF', 'ESHUTDOWN', 'ETIMEDOUT']);

const REMEDY = 'switch I2C on (dtparam=i2c_arm=on in /boot/firmware/config.txt, then reboot)';

/**
 * Opens a bus of the kernel. A transfer is one I2C_RDWR transaction: the MLX90640 forgets its read address at a STOP. A
 * bus that goes away (a USB bridge pulled out) is opened again by the next transfer.
 * @throws DeviceError
 */
export async function openI2cDev(busNumber: number): Promise<I2cDevBus> {
  const device = `/dev/i2c-${busNumber}`;
  let file: FileHandle | null = await openBus(device);
  let tail: Promise<unknown> = Promise.resolve();

  const transfer = async (address: number, write: Uint8Array, readLength: number): Promise<Uint8Array> => {
    const read = new Uint8Array(readLength);
    const written = { addr: address, flags: 0, len: write.length, buf: write };
    const asked = { addr: address, flags: READ, len: readLength, buf: read };
    try {
      file ??= await openBus(device);
      await i2cReadWrite(file.fd, readLength > 0 ? [written, asked] : [written]);
      return read;
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== null && GONE.has(code)) {
        await file?.close().catch(() => undefined);
        file = null;
      }
      throw asI2cError(error, device);
    }
  };

  return {
    transfer(address, write, readLength) {
      const result = tail.then(() => transfer(address, write, readLength));
      tail = result.catch(() => undefined);
      return result;
    },
    async close() {
      await tail;
      await file?.close();
      file = null;
    },
  };
}

async function openBus(device: string): Promise<FileHandle> {
  const file = await open(device, 'r+').catch((error: unknown) => {
    throw openingError(error, device, 'i2c', REMEDY);
  });
  const functions = new Uint8Array(8);
  try {
    ioctl(file.fd, I2C_FUNCS, functions, 'ioctl(I2C_FUNCS)');
  } catch (error) {
    await file.close();
    throw openingError(error, device, 'i2c', REMEDY);
  }
  if (((functions[0] ?? 0) & FUNC_I2C) !== 0) return file;
  await file.close();
  throw new DeviceError(
    'device-unfit',
    `${device} can not do combined transfers: take a bus of the Raspberry Pi's header`,
  );
}

function asI2cError(error: unknown, device: string): I2cError {
  const code = systemCodeOf(error) ?? '';
  const message = error instanceof Error ? error.message : String(error);
  return new I2cError(KINDS[code] ?? 'io', `${device}: ${message}`);
}
