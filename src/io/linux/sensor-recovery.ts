import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/schema.ts';
import type { OutputLine } from '../../ports/output-line.ts';
import type { SensorRecovery } from '../../ports/sensor-recovery.ts';
import { clearBus } from './bus-clearing.ts';
import { findGpioChip, gpioChips } from './gpio-chip.ts';

/** Long enough for the capacitors at the sensor to discharge, ms. */
const OFF_MS = 500;
/** From supply to answering on the bus (MLX90640 datasheet, power-on), ms. */
const START_UP_MS = 80;

/** What the wiring allows for a sensor that no longer answers. */
export function linuxSensorRecovery(
  { i2c, lines }: Pick<Config, 'i2c' | 'lines'>,
  sensorPower: OutputLine | null,
): SensorRecovery {
  const { recoverySdaPin: sda, recoverySclPin: scl } = i2c;
  return {
    clearBus:
      sda === null || scl === null
        ? null
        : async () => clearBus(findGpioChip(lines.chip, gpioChips()), { sda, scl }),
    cyclePower: sensorPower && (() => cyclePower(sensorPower)),
  };
}

async function cyclePower(line: OutputLine): Promise<void> {
  line.set(false);
  try {
    await sleep(OFF_MS);
  } finally {
    line.set(true);
  }
  await sleep(START_UP_MS);
}
