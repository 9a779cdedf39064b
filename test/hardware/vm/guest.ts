/** Runs in the guest: the production code for devices, called by the host over a virtio-serial port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { arch, release } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  findGpioChip,
  type GpioChip,
  type GpioOutput,
  gpioChips,
  type OutputOptions,
  openGpioOutput,
} from '../../../src/io/linux/gpio-chip.ts';
import { type I2cDevBus, openI2cDev } from '../../../src/io/linux/i2c-dev-bus.ts';
import { findSysfsChip, type SysfsGpioChip, sysfsOutputs } from '../../../src/io/linux/sysfs-gpio.ts';
import { createSystemClock } from '../../../src/io/linux/system-clock.ts';
import { openMlx90640, type SensorOptions } from '../../../src/thermal/mlx90640/driver.ts';
import type { Answer, Question } from './guest-protocol.ts';

const ADAPTER = 'MCP2221';
const CHIP_LABEL = 'mcp2221_gpio';
const SYSFS_GPIO = '/sys/class/gpio';
const POLL_MS = 20;

let bridge: ChildProcess | null = null;
let bus: I2cDevBus | null = null;
const lines = new Map<number, GpioOutput>();

const openedBus = (): I2cDevBus => {
  if (bus === null) throw new Error('the bus is not open');
  return bus;
};

const lineOf = (handle: number): GpioOutput => {
  const line = lines.get(handle);
  if (line === undefined) throw new Error(`no line ${handle}`);
  return line;
};

let nextHandle = 1;
const keep = (line: GpioOutput): number => {
  lines.set(nextHandle, line);
  return nextHandle++;
};

const calls = {
  machine: async () => ({ arch: arch(), kernel: release(), node: process.version }),

  /** Plugs the bridge in; answers with the number of its bus. */
  async plug(): Promise<number> {
    bridge = spawn('/bin/uhid-bridge', [portNamed('mcp2221')], { stdio: ['ignore', 'inherit', 'inherit'] });
    for (;;) {
      const number = busNumber();
      const chip = gpioChips().some(({ label }) => label === CHIP_LABEL);
      if (number !== null && chip && existsSync(`/dev/i2c-${number}`)) return number;
      if (bridge.exitCode !== null) throw new Error(`the bridge ended with ${bridge.exitCode}`);
      await sleep(POLL_MS);
    }
  },
  /** Starts to pull the bridge out; the kernel is done when nobody has its bus open any more. */
  async pull(): Promise<void> {
    bridge?.kill('SIGKILL');
    // Its lines go first, at once; what holds the removal up is an open bus.
    while (gpioChips().some(({ label }) => label === CHIP_LABEL)) await sleep(POLL_MS);
  },
  async untilGone(): Promise<void> {
    if (bridge !== null && bridge.exitCode === null && bridge.signalCode === null) await once(bridge, 'exit');
    while (busNumber() !== null) await sleep(POLL_MS);
  },

  async openBus(number: number): Promise<void> {
    bus = await openI2cDev(number);
  },
  async closeBus(): Promise<void> {
    await bus?.close();
    bus = null;
  },
  async transfer(address: number, write: readonly number[], readLength: number): Promise<number[]> {
    return [...(await openedBus().transfer(address, Uint8Array.from(write), readLength))];
  },
  /** Opens the sensor as the gate does and reads some subpages. */
  async readSensor(options: SensorOptions, count: number) {
    const sensor = await openMlx90640(openedBus(), createSystemClock(), options);
    const subpages: number[][] = [];
    for await (const { words } of sensor.subpages()) {
      subpages.push([...words]);
      if (subpages.length >= count) break;
    }
    const { id, lens, refreshRateHz, busHz, statistics } = sensor;
    return { id, lens, refreshRateHz, busHz, statistics, eeprom: [...sensor.eeprom], subpages };
  },

  chips: async (): Promise<readonly GpioChip[]> => gpioChips(),
  sysfsChip: async (label: string): Promise<SysfsGpioChip> => findSysfsChip(label, SYSFS_GPIO),
  /** Takes a line by the character device; answers with its handle. */
  async take(label: string, options: OutputOptions): Promise<number> {
    return keep(openGpioOutput(findGpioChip(label, gpioChips()), options));
  },
  /** Takes a line by sysfs; answers with its handle. */
  async takeBySysfs(label: string, options: OutputOptions): Promise<number> {
    return keep((await sysfsOutputs(label))(options));
  },
  set: async (handle: number, on: boolean): Promise<void> => lineOf(handle).set(on),
  async giveBack(handle: number): Promise<void> {
    lineOf(handle).close();
    lines.delete(handle);
  },
};

/** What the host may call. */
export type GuestCalls = typeof calls;

function busNumber(): number | null {
  const adapters = '/sys/class/i2c-dev';
  if (!existsSync(adapters)) return null;
  for (const adapter of readdirSync(adapters)) {
    if (textOf(`${adapters}/${adapter}/name`).startsWith(ADAPTER))
      return Number(adapter.slice('i2c-'.length));
  }
  return null;
}

function portNamed(name: string): string {
  const ports = '/sys/class/virtio-ports';
  const port = readdirSync(ports).find((entry) => textOf(`${ports}/${entry}/name`) === name);
  if (port === undefined) throw new Error(`no virtio port ${name}`);
  return `/dev/${port}`;
}

/** Empty when the file has gone meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

async function answerTo({ id, call, args }: Question): Promise<Answer> {
  try {
    const called = calls[call as keyof GuestCalls] as (...args: readonly unknown[]) => Promise<unknown>;
    return { id, ok: true, value: (await called(...args)) ?? null };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    return { id, ok: false, name, code, message };
  }
}

const control = openSync(portNamed('control'), 'r+');
/** A port takes at most 32 KiB at a time. */
const say = (answer: Answer): void => {
  let left = Buffer.from(`${JSON.stringify(answer)}\n`);
  while (left.length > 0) left = left.subarray(writeSync(control, left));
};
say({ id: 0, ok: true, value: null });
for await (const line of createInterface({ input: createReadStream('', { fd: control }) })) {
  say(await answerTo(JSON.parse(line) as Question));
}
// The host has gone.
process.exit(0);
