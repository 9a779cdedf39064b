import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DeviceError } from './device-error.ts';
import { findGpioChip, type GpioChip, type GpioOutput, lineError, type OutputOptions } from './gpio-chip.ts';

/** What is used of the npm package `onoff`. */
type Onoff = Readonly<{
  Gpio: new (
    gpio: number,
    direction: 'low' | 'high',
    options: Readonly<{ activeLow: boolean; reconfigureDirection: boolean }>,
  ) => Readonly<{ writeSync: (value: 0 | 1) => void; unexport: () => void }>;
}>;

const SYSFS_GPIO = '/sys/class/gpio';

/** A GPIO chip as sysfs shows it, with the number of its first line among all lines. */
export type SysfsGpioChip = GpioChip & Readonly<{ base: number }>;

/**
 * Opens outputs through `onoff` and sysfs, an interface that the kernel has deprecated and will drop; the character
 * device is the default. Its numbers are the chip's base, which differs by model and kernel (0, 512, 571), plus the pin.
 * @throws DeviceError `driver-missing` when the package is not installed, `device-missing` when sysfs has no such chip
 */
export async function sysfsOutputs(wantedChip: string): Promise<(options: OutputOptions) => GpioOutput> {
  const { Gpio } = await importOnoff();
  const chip = findSysfsChip(wantedChip, SYSFS_GPIO);
  return ({ pin, activeLow, drive, initially }) => {
    if (drive !== undefined && drive !== 'push-pull') {
      throw new DeviceError('device-unfit', `lines.driver onoff drives push-pull only, not ${drive}`);
    }
    const low = (initially ?? false) === (activeLow ?? false);
    try {
      const line = new Gpio(chip.base + pin, low ? 'low' : 'high', {
        activeLow: activeLow ?? false,
        reconfigureDirection: true,
      });
      return { set: (on) => line.writeSync(on ? 1 : 0), close: () => line.unexport() };
    } catch (error) {
      throw lineError(error, chip, pin);
    }
  };
}

/** @throws DeviceError */
export function findSysfsChip(wanted: string, folder: string): SysfsGpioChip {
  const chips = sysfsChips(folder);
  const found = findGpioChip(wanted, chips);
  return chips.find(({ name }) => name === found.name) ?? { ...found, base: 0 };
}

function sysfsChips(folder: string): readonly SysfsGpioChip[] {
  const names = listed(folder).filter((name) => name.startsWith('gpiochip'));
  return names.map((name) => {
    const text = (file: string): string => readFileSync(path.join(folder, name, file), 'utf8').trim();
    return {
      path: path.join(folder, name),
      name,
      label: text('label'),
      lines: Number(text('ngpio')),
      base: Number(text('base')),
    };
  });
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new DeviceError(
      'device-missing',
      `${folder} is not there, this kernel has no GPIO in sysfs any more: set lines.driver: gpiochip`,
      { cause: error },
    );
  }
}

async function importOnoff(): Promise<Onoff> {
  // By a variable, for the package is not among the dependencies: it compiles a native part when installed.
  const name = 'onoff';
  try {
    return (await import(name)) as Onoff;
  } catch (error) {
    throw new DeviceError(
      'driver-missing',
      'lines.driver is onoff, and the package is not installed: npm install onoff@6, or set lines.driver: gpiochip',
      { cause: error },
    );
  }
}
