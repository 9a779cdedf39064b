import { createInterface } from 'node:readline';
import { parseConfig } from '../../../src/config/load.ts';
import { clearBus, pulseClock } from '../../../src/io/linux/bus-clearing.ts';
import { type LinuxLines, openLinuxLines } from '../../../src/io/linux/gate-lines.ts';
import {
  findGpioChip,
  type GpioChip,
  type GpioOutput,
  gpioChips,
  type OutputOptions,
  openGpioOutput,
} from '../../../src/io/linux/gpio-chip.ts';
import { type I2cDevBus, openI2cDev } from '../../../src/io/linux/i2c-dev-bus.ts';
import { openPwmTone, type PwmTone, type PwmToneOptions } from '../../../src/io/linux/pwm-tone.ts';
import { findSysfsChip, sysfsOutputs } from '../../../src/io/linux/sysfs-gpio.ts';

/** A program of the gate's own device code that does one thing after the other as a test tells it, line by line. */
let bus: I2cDevBus | null = null;
let pwm: PwmTone | null = null;
let lines: LinuxLines | null = null;
const outputs = new Map<number, GpioOutput>();

const transfer = async (address: number, writeHex: string, readLength: number): Promise<string> => {
  const read = await there(bus).transfer(address, Buffer.from(writeHex, 'hex'), readLength);
  return Buffer.from(read).toString('hex');
};

const actions = {
  openBus: async (number: number): Promise<void> => {
    bus = await openI2cDev(number);
  },
  closeBus: (): Promise<void> => there(bus).close(),
  transfer,
  /** All at once. */
  transfers: (address: number, writesHex: readonly string[], readLength: number): Promise<string[]> =>
    Promise.all(writesHex.map((hex) => transfer(address, hex, readLength))),
  chips: (): readonly GpioChip[] => gpioChips(),
  findChip: (wanted: string): GpioChip => findGpioChip(wanted, gpioChips()),
  openLine: (chip: string, options: OutputOptions): void => {
    outputs.set(options.pin, openGpioOutput(findGpioChip(chip, gpioChips()), options));
  },
  setLine: (pin: number, on: boolean): void => there(outputs.get(pin)).set(on),
  closeLine: (pin: number): void => there(outputs.get(pin)).close(),
  openLines: async (yaml: string): Promise<void> => {
    lines = await openLinuxLines(parseConfig(yaml, 'test'));
  },
  lamp: (colour: 'red' | 'yellow' | 'green', on: boolean): void => there(lines)[colour].set(on),
  buzzer: (frequencyHz: number): void => there(lines).buzzer.tone(frequencyHz),
  power: (on: boolean): void => there(there(lines).sensorPower).set(on),
  makeSafe: (): void => there(lines).makeSafe(),
  closeLines: (): void => there(lines).close(),
  openTone: async (options: PwmToneOptions): Promise<void> => {
    pwm = await openPwmTone(options);
  },
  tone: (frequencyHz: number): void => there(pwm).tone(frequencyHz),
  closeTone: (): void => there(pwm).close(),
  pulseClock: async (sda: number, scl: number): Promise<void> =>
    pulseClock({ sda: there(outputs.get(sda)), scl: there(outputs.get(scl)) }),
  clearBus: (chip: string, sda: number, scl: number, pinctrl: string): Promise<void> =>
    clearBus(findGpioChip(chip, gpioChips()), { sda, scl }, pinctrl),
  sysfsOutputs: async (chip: string): Promise<void> => {
    await sysfsOutputs(chip);
  },
  findSysfsChip: (wanted: string, folder: string): object => findSysfsChip(wanted, folder),
};

export type Actions = typeof actions;

export type Asked = Readonly<
  { [K in keyof Actions]: { action: K; args: Parameters<Actions[K]> } }[keyof Actions]
>;

/** What came of it. */
export type Told = Readonly<
  { result: unknown } | { error: Readonly<{ name: string; code: string | null; message: string }> }
>;

function there<T>(opened: T | null | undefined): T {
  if (opened === null || opened === undefined) throw new Error('not opened');
  return opened;
}

async function carryOut({ action, args }: Asked): Promise<Told> {
  try {
    const act = actions[action] as (...args: readonly unknown[]) => unknown;
    return { result: (await act(...args)) ?? null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
    return { error: { name: error.name, code, message: error.message } };
  }
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await carryOut(JSON.parse(line) as Asked))}\n`);
}
