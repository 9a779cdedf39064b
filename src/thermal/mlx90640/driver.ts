import type { ThermalLens } from '../../domain/optics.ts';
import type { Clock } from '../../ports/clock.ts';
import type { I2cBus } from '../../ports/i2c-bus.ts';
import { refreshRateFor } from './bus-speed.ts';
import type { Calibration } from './calibration.ts';
import { lensOf } from './lens.ts';
import type { RawSubpage } from './raw-subpage.ts';
import { createRegisterAccess } from './register-access.ts';
import { DEFAULT_I2C_ADDRESS, type RefreshRateHz, subpagePeriodMs } from './registers.ts';
import { SensorError } from './sensor-error.ts';
import { acceptEeprom, configure, readEeprom, type SensorSettings } from './set-up.ts';
import { createSubpageReader, type SensorStatistics } from './subpage-reader.ts';

export { SensorError };

/** How to open a sensor; its refresh rate is the highest to run at. */
export type SensorOptions = SensorSettings &
  Readonly<{
    /** 7-bit; 0x33 when absent. */
    address?: number;
    /** Which image to calibrate from, given the one just read; it may throw. Absent: the one read. */
    chooseImage?: (read: Uint16Array) => Promise<Uint16Array>;
  }>;

/** One running MLX90640. */
export interface Mlx90640 {
  /** 832 words, 0x2400..0x273F: the image that the calibration is made from. */
  readonly eeprom: Uint16Array;
  readonly calibration: Calibration;
  /** 48-bit serial number, 12 hex digits. */
  readonly id: string;
  readonly lens: ThermalLens;
  /** Subpages a second: what was asked for, or less on a bus too slow for it. */
  readonly refreshRateHz: RefreshRateHz;
  /** Clock of the bus as measured, Hz. */
  readonly busHz: number;
  /** True when it still had the settings asked for: it kept its supply since it was last opened. */
  readonly keptSettings: boolean;
  readonly statistics: SensorStatistics;
  /**
   * Subpages as they become ready, from now on; ends when `signal` aborts. One caller at a time.
   * @throws SensorError when the sensor or the bus fails; open it anew then
   */
  subpages(signal?: AbortSignal): AsyncGenerator<RawSubpage, void, undefined>;
}

/** Subpages that still carry the old settings, or were half measured, after the control register changed. */
const DISCARDED_SUBPAGES = 2;

/**
 * Opens the sensor: reads and judges its EEPROM, then sets it to run freely in chess read-out, as fast as the bus' speed
 * allows. Never writes anything but the status and control registers.
 * @throws SensorError
 */
export async function openMlx90640(bus: I2cBus, clock: Clock, options: SensorOptions): Promise<Mlx90640> {
  const registers = createRegisterAccess(bus, clock, options.address ?? DEFAULT_I2C_ADDRESS);
  const { eeprom: read, busHz } = await readEeprom(registers, clock);
  const eeprom = (await options.chooseImage?.(read)) ?? read;
  const { id, calibration } = acceptEeprom(eeprom);
  const refreshRateHz = refreshRateFor(busHz, options.refreshRateHz);
  const { before, after } = await configure(registers, { ...options, refreshRateHz });
  const reader = createSubpageReader(registers, clock, {
    control: after,
    discard: DISCARDED_SUBPAGES,
    firstPeriodMs: subpagePeriodMs(before),
  });
  return {
    eeprom,
    calibration,
    id,
    lens: lensOf(calibration),
    refreshRateHz,
    busHz,
    keptSettings: before === after,
    get statistics() {
      return reader.statistics;
    },
    async *subpages(signal) {
      try {
        await reader.start(signal);
        while (!signal?.aborted) yield await reader.next(signal);
      } catch (error) {
        if (!signal?.aborted) throw error;
      }
    },
  };
}
