import path from 'node:path';
import { createSystemClock } from '../../../src/io/linux/system-clock.ts';
import type { I2cBus } from '../../../src/ports/i2c-bus.ts';
import { VirtualMlx90640 } from '../../../src/simulation/sensor/virtual-mlx90640.ts';
import { aSensor } from '../../support/a-sensor.ts';
import { stillScene } from '../../support/virtual-sensor.ts';
import {
  createEmulatedHardware,
  type EmulatedHardware,
  type EmulatedHardwareOptions,
} from '../emulator/emulated-hardware.ts';
import { PI5_HEADER_PWM } from '../emulator/pwm-chips.ts';
import { type DeviceProbe, startProbe } from './device-probe.ts';

/** The GPIO chips of a Raspberry Pi 5: its header's, and one of the others. */
export const PI5_CHIPS = [
  { number: 0, label: 'pinctrl-rp1', lines: 54 },
  { number: 10, label: 'gpio-brcmstb@107d508500', lines: 32 },
] as const;

/** Its PWM chips: the fan's and the header's. */
export const PI5_PWM = [
  { number: 0, device: 'axi/1000120000.pcie/1f0009c000.pwm', channels: 4 },
  { number: 1, device: PI5_HEADER_PWM, channels: 4 },
] as const;

/** Stands for `pinctrl` of raspi-utils. */
export const PINCTRL = path.join(import.meta.dirname, '../emulator/bin/pinctrl');

/** A device that answers a read of a register with what was written. */
export const echo: I2cBus = {
  transfer: async (_address, write, readLength) => write.slice(0, readLength),
};

/** Emulated hardware and the processes on it, cleared away together. */
export class Bench {
  readonly #cleanUp: (() => Promise<void>)[] = [];

  async hardware(options: EmulatedHardwareOptions): Promise<EmulatedHardware> {
    const hardware = await createEmulatedHardware(options);
    this.#cleanUp.push(() => hardware.close());
    return hardware;
  }

  async probe(hardware: EmulatedHardware, env: Readonly<Record<string, string>> = {}): Promise<DeviceProbe> {
    const probe = await startProbe(hardware, env);
    this.#cleanUp.push(() => probe.crash());
    return probe;
  }

  /** One process on hardware of its own. */
  async gate(
    options: EmulatedHardwareOptions,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Readonly<{ hardware: EmulatedHardware; gate: DeviceProbe }>> {
    const hardware = await this.hardware(options);
    return { hardware, gate: await this.probe(hardware, env) };
  }

  async clear(): Promise<void> {
    for (const clean of this.#cleanUp.splice(0).reverse()) await clean();
  }
}

/** A sensor on real time before a wall of 25 degC. */
export function realTimeSensor(): VirtualMlx90640 {
  return new VirtualMlx90640({
    clock: createSystemClock(),
    eeprom: aSensor(),
    scene: stillScene(new Float64Array(768).fill(25)),
    busHz: 1_000_000,
  });
}

/** A sensor on bus 1 that is stuck in the middle of a byte, with the bus' wires on GPIO2 and GPIO3. */
export function withStuckSensor(): EmulatedHardwareOptions {
  const sensor = realTimeSensor();
  let stuck = true;
  sensor.setFault('stuck');
  const freed = (): void => {
    stuck = false;
    sensor.setFault('none');
  };
  return {
    buses: new Map([[1, sensor]]),
    chips: PI5_CHIPS,
    bitBanged: [{ chip: 0, sda: 2, scl: 3, isStuck: () => stuck, freed }],
  };
}
