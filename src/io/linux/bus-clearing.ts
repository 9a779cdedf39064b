import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { OutputLine } from '../../ports/output-line.ts';
import { DeviceError, systemCodeOf } from './device-error.ts';
import { type GpioChip, openGpioOutput } from './gpio-chip.ts';

const run = promisify(execFile);

/** Enough for a device to finish the byte it is stuck in, and its acknowledge (I2C specification, section 3.1.16). */
const CLOCK_PULSES = 9;
/** Half a clock period, ms: slow enough for every device. */
const HALF_PERIOD_MS = 1;

/** The bus' two wires, each released by true, pulled low by false. */
export type BusWires = Readonly<{ sda: OutputLine; scl: OutputLine }>;

/** Frees a bus whose data line a device holds low: nine clock pulses, then a STOP. */
export async function pulseClock({ sda, scl }: BusWires): Promise<void> {
  const set = async (line: OutputLine, released: boolean): Promise<void> => {
    line.set(released);
    await sleep(HALF_PERIOD_MS);
  };
  await set(sda, true);
  for (let pulse = 0; pulse < CLOCK_PULSES; pulse++) {
    await set(scl, false);
    await set(scl, true);
  }
  // STOP: data rises while the clock is high.
  await set(scl, false);
  await set(sda, false);
  await set(scl, true);
  await set(sda, true);
}

/**
 * Takes the bus' pins from the I2C controller, pulses the clock, and gives them back. A Raspberry Pi's kernel leaves a
 * pin that was a GPIO as an input, so its I2C function is set again by `pinctrl` (package raspi-utils).
 * @throws DeviceError `driver-missing` without that tool: then the pins are not touched
 */
export async function clearBus(
  chip: GpioChip,
  pins: Readonly<{ sda: number; scl: number }>,
  pinctrl = 'pinctrl',
): Promise<void> {
  const sdaFunction = await pinFunction(pinctrl, pins.sda);
  const sclFunction = await pinFunction(pinctrl, pins.scl);
  const closing: (() => void)[] = [];
  const wire = (pin: number): OutputLine => {
    const line = openGpioOutput(chip, {
      pin,
      drive: 'open-drain',
      initially: true,
      consumer: 'fevergate-i2c-clear',
    });
    closing.push(() => line.close());
    return line;
  };
  try {
    await pulseClock({ sda: wire(pins.sda), scl: wire(pins.scl) });
  } finally {
    for (const close of closing) close();
    await setBoth(pinctrl, [
      [pins.sda, sdaFunction],
      [pins.scl, sclFunction],
    ]);
  }
}

/** Gives both pins their functions, the second even when the first fails. */
async function setBoth(pinctrl: string, pins: readonly (readonly [number, string])[]): Promise<void> {
  const set = pins.map(([pin, name]) => run(pinctrl, ['set', String(pin), name, 'pu']));
  const failure = (await Promise.allSettled(set)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}

/** The pin's function as `pinctrl` names it, as in `a0`. */
async function pinFunction(pinctrl: string, pin: number): Promise<string> {
  try {
    const { stdout } = await run(pinctrl, ['get', String(pin)]);
    const found = /^\s*\d+:\s+(a[0-8])\b/.exec(stdout)?.[1];
    if (found !== undefined) return found;
    throw new DeviceError(
      'device-unfit',
      `GPIO${pin} is no I2C pin at the moment: ${stdout.trim()}; correct i2c.recoverySdaPin and recoverySclPin`,
    );
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    throw new DeviceError(
      'driver-missing',
      'pinctrl is not installed, so the bus can not be freed: sudo apt install raspi-utils',
      { cause: error },
    );
  }
}
