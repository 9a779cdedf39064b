import type { Config } from '../config/schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { I2cBus } from '../ports/i2c-bus.ts';
import type { Log } from '../ports/log.ts';
import type { SensorImages } from '../ports/sensor-images.ts';
import type { SensorRecovery } from '../ports/sensor-recovery.ts';
import { type Mlx90640, openMlx90640, SensorError } from '../thermal/mlx90640/driver.ts';
import { isSameImage } from '../thermal/mlx90640/eeprom-identity.ts';
import type { RawSubpage } from '../thermal/mlx90640/raw-subpage.ts';
import { REFRESH_RATES_HZ, type RefreshRateHz } from '../thermal/mlx90640/registers.ts';
import { recoveryStep } from './recovery-step.ts';
import { chooseImage } from './sensor-image.ts';

/** What a gate's thermal sensor is reached by. */
export type SensorParts = Readonly<{
  config: Config;
  clock: Clock;
  bus: I2cBus;
  log: Log;
  /** Null: whatever sensor there is will do. */
  sensorImages: SensorImages | null;
  recovery: SensorRecovery;
}>;

/** Keeps one sensor going over failures: opens it again, and does ever more for one that no longer answers. */
export interface SensorKeeper {
  /**
   * Opens the configured sensor; later calls insist on the same one, and run it no faster than before.
   * @throws SensorError, after whatever recovery it was time for
   */
  open(): Promise<Mlx90640>;
  /** The subpages of an open sensor; throws as {@link Mlx90640.subpages} does, after recovery. */
  subpages(sensor: Mlx90640, signal: AbortSignal): AsyncIterable<RawSubpage>;
}

/** Failures of a sensor or bus that hangs; about any other a recovery could do nothing. */
const RECOVERABLE: readonly string[] = [
  'absent',
  'bus',
  'data-timeout',
  'control-refused',
  'eeprom-unreadable',
];

export function createSensorKeeper(parts: SensorParts): SensorKeeper {
  const { clock, log } = parts;
  let failures = 0;
  let first: Mlx90640 | null = null;
  let ceilingHz: RefreshRateHz = parts.config.thermal.refreshRateHz;

  /** The bus was measured faster than it turned out to be. */
  const stepDown = (): void => {
    const lower = REFRESH_RATES_HZ.findLast((rateHz) => rateHz < ceilingHz) ?? ceilingHz;
    log.warn({ refreshRateHz: lower }, 'subpages were overwritten while being read, runs slower from now on');
    ceilingHz = lower;
  };

  const recover = async (error: unknown): Promise<void> => {
    if (!(error instanceof SensorError)) return;
    if (error.code === 'bus-too-slow') stepDown();
    if (!RECOVERABLE.includes(error.code)) return;
    failures++;
    const step = recoveryStep(failures);
    const { clearBus, cyclePower } = parts.recovery;
    const act = step === 'clear-bus' ? clearBus : step === 'cycle-power' ? cyclePower : null;
    if (act === null) return;
    log.warn({ step, failures, atMs: Math.round(clock.nowMs()) }, 'recovering the thermal sensor');
    await act().catch((reason: unknown) => log.error({ step, error: String(reason) }, 'recovery failed'));
  };

  const opened = (sensor: Mlx90640): void => {
    const { id, busHz, refreshRateHz } = sensor;
    const wantedHz = parts.config.thermal.refreshRateHz;
    if (refreshRateHz < wantedHz) {
      log.warn(
        { busHz: Math.round(busHz), refreshRateHz, wantedHz },
        'I2C bus too slow for thermal.refreshRateHz, runs slower (dtparam=i2c_arm_baudrate=400000)',
      );
    }
    log.info({ sensor: id, busHz: Math.round(busHz), refreshRateHz }, 'thermal sensor open');
  };

  return {
    async open() {
      try {
        const sensor = await openConfigured(parts, first, ceilingHz);
        opened(sensor);
        first ??= sensor;
        ceilingHz = sensor.refreshRateHz;
        return sensor;
      } catch (error) {
        await recover(error);
        throw error;
      }
    },
    async *subpages(sensor, signal) {
      try {
        for await (const raw of sensor.subpages(signal)) {
          failures = 0;
          yield raw;
        }
      } catch (error) {
        await recover(error);
        throw error;
      }
    },
  };
}

async function openConfigured(
  parts: SensorParts,
  first: Mlx90640 | null,
  refreshRateHz: RefreshRateHz,
): Promise<Mlx90640> {
  const { bus, clock, config, log, sensorImages } = parts;
  const { adcBits, lens, calibration } = config.thermal;
  const sensor = await openMlx90640(bus, clock, {
    address: config.i2c.address,
    refreshRateHz,
    adcBits,
    chooseImage: async (read) =>
      sensorImages === null ? read : chooseImage(read, sensorImages, calibration, log),
  });
  if (first !== null && !isSameImage(sensor.eeprom, first.eeprom)) {
    throw new SensorError(
      sensor.id === first.id ? 'eeprom-changed' : 'sensor-unknown',
      `sensor ${sensor.id} answers with another calibration than sensor ${first.id} the gate started with; restart the gate to use it`,
    );
  }
  if (sensor.lens !== lens) {
    throw new SensorError(
      'wrong-lens',
      `the sensor has the ${sensor.lens} lens, thermal.lens says ${lens}; correct the configuration or the sensor`,
    );
  }
  if (sensorImages?.all().size === 0) {
    // A disk that cannot be written keeps nobody from being screened; the next start commissions it.
    await sensorImages.accept(sensor.id, sensor.eeprom).then(
      () => log.info({ sensor: sensor.id }, 'thermal sensor commissioned, its EEPROM is kept'),
      (error: unknown) => log.error({ error: String(error) }, 'the EEPROM of the thermal sensor is not kept'),
    );
  }
  return sensor;
}
