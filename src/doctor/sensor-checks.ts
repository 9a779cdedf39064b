import { readFile } from 'node:fs/promises';
import type { Config } from '../config/schema.ts';
import { type I2cDevBus, openI2cDev } from '../io/linux/i2c-dev-bus.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import type { Clock } from '../ports/clock.ts';
import { type Mlx90640, openMlx90640 } from '../thermal/mlx90640/driver.ts';
import { differingWords } from '../thermal/mlx90640/eeprom-identity.ts';
import { checkSubpage, type RawSubpage } from '../thermal/mlx90640/raw-subpage.ts';
import { createTemperatureDecoder } from '../thermal/mlx90640/temperature.ts';
import { type Finding, failed, failedBy, ok, skipped, warning } from './finding.ts';

/** The datasheet allows no more for reading the EEPROM (note 5), Hz. */
const EEPROM_BUS_HZ = 400_000;
/** So far below what is set the bus is told to be slow. */
const SLOW_SHARE = 0.8;
const WATCH_MS = 3000;
/** Share of the nominal rate below which subpages are being lost. */
const RATE_REACHED = 0.9;
const BAUDRATE_REMEDY =
  'dtparam=i2c_arm_baudrate=400000 in /boot/firmware/config.txt (on a Pi 4 also core_freq=500 and core_freq_min=500), then reboot';

/** The thermal array: its bus, the sensor and its calibration, and how it delivers. */
export async function checkSensor(config: Config, clock: Clock): Promise<readonly Finding[]> {
  let bus: I2cDevBus;
  try {
    bus = await openI2cDev(config.i2c.bus);
  } catch (error) {
    return [failedBy('I2C bus', error), skipped('thermal sensor', 'no bus to ask it on')];
  }
  const setHz = await configuredBusHz(config.i2c.bus);
  const opened = ok('I2C bus', `/dev/i2c-${config.i2c.bus}${setHz === null ? '' : `, set to ${kHz(setHz)}`}`);
  try {
    const { address } = config.i2c;
    const { refreshRateHz, adcBits } = config.thermal;
    const sensor = await openMlx90640(bus, clock, { address, refreshRateHz, adcBits });
    return [
      opened,
      identityFinding(sensor, config),
      await keptImageFinding(sensor, config),
      deadPixelFinding(sensor),
      busSpeedFinding(setHz, sensor.busHz),
      await deliveryFinding(sensor, config, clock),
    ];
  } catch (error) {
    return [
      opened,
      failed(
        'thermal sensor',
        error instanceof Error ? error.message : String(error),
        `check its wiring and supply; i2cdetect -y ${config.i2c.bus} must show 33`,
      ),
    ];
  } finally {
    await bus.close();
  }
}

/** What the device tree sets a bus to, Hz; null where it does not say. */
async function configuredBusHz(bus: number): Promise<number | null> {
  const file = `/sys/class/i2c-adapter/i2c-${bus}/of_node/clock-frequency`;
  const bytes = await readFile(file).catch(() => null);
  return bytes !== null && bytes.length >= 4 ? bytes.readUInt32BE(0) : null;
}

function identityFinding({ id, lens }: Mlx90640, { thermal }: Config): Finding {
  const found = `${id}, lens ${lens}, EEPROM plausible`;
  if (lens === thermal.lens) return ok('thermal sensor', found);
  return failed('thermal sensor', found, `set thermal.lens: ${lens}, or change the sensor`);
}

async function keptImageFinding({ id, eeprom }: Mlx90640, { records, thermal }: Config): Promise<Finding> {
  const check = 'calibration';
  try {
    const images = (await openSensorImages(records.directory)).all();
    if (images.size === 0) return ok(check, 'will be kept when the gate first runs');
    const kept = images.get(id);
    if (kept === undefined) {
      return failed(check, 'this sensor was not commissioned at this gate', 'fevergate sensor accept');
    }
    const words = differingWords(kept, eeprom);
    if (words === 0) return ok(check, 'the same as at commissioning');
    const found = `${words} words are not what they were at commissioning`;
    return thermal.calibration === 'stored'
      ? warning(check, `${found}; the kept copy is used`, 'have the sensor replaced')
      : failed(check, found, 'set thermal.calibration: stored, and have the sensor replaced');
  } catch (error) {
    return failedBy(check, error);
  }
}

function deadPixelFinding({ calibration: { broken, outlier } }: Mlx90640): Finding {
  const dead = broken.length + outlier.length;
  if (dead === 0) return ok('dead pixels', 'none');
  return ok('dead pixels', `${dead} (the datasheet allows 4), replaced by their neighbours`);
}

/** @param setHz what the device tree says; null: unknown */
export function busSpeedFinding(setHz: number | null, measuredHz: number): Finding {
  const check = 'bus speed';
  const measured = `measured ${kHz(measuredHz)}`;
  if (measuredHz > EEPROM_BUS_HZ * 1.1) {
    return warning(
      check,
      `${measured}: the datasheet allows 400 kHz for reading the calibration`,
      'dtparam=i2c_arm_baudrate=400000 in /boot/firmware/config.txt, then reboot',
    );
  }
  if (setHz !== null && measuredHz < setHz * SLOW_SHARE) {
    return warning(check, `${measured}, set to ${kHz(setHz)}: the core clock is lower`, BAUDRATE_REMEDY);
  }
  return ok(check, measured);
}

async function deliveryFinding(sensor: Mlx90640, { thermal }: Config, clock: Clock): Promise<Finding> {
  const check = 'thermal picture';
  const subpages: RawSubpage[] = [];
  const startedMs = clock.nowMs();
  for await (const raw of sensor.subpages()) {
    subpages.push(raw);
    if (clock.nowMs() - startedMs > WATCH_MS && subpages.length > 1) break;
  }
  const fault = faultIn(subpages, sensor);
  if (fault !== null)
    return failed(check, fault, 'check the supply: 3.3 V with 100 nF and 10 uF at the sensor');
  return rateFinding(check, reachedHz(subpages), sensor, thermal.refreshRateHz);
}

function faultIn(subpages: readonly RawSubpage[], { calibration }: Mlx90640): string | null {
  const decoder = createTemperatureDecoder(calibration);
  for (const { words } of subpages) {
    const result = checkSubpage(words, calibration, decoder);
    if (!result.ok) return result.reason;
  }
  return null;
}

function reachedHz(subpages: readonly RawSubpage[]): number {
  const spanMs = (subpages.at(-1)?.atMs ?? 0) - (subpages[0]?.atMs ?? 0);
  return ((subpages.length - 1) / spanMs) * 1000;
}

function rateFinding(check: string, rateHz: number, sensor: Mlx90640, wantedHz: number): Finding {
  const { torn, missed, retries } = sensor.statistics;
  const found = `${rateHz.toFixed(1)} subpages a second (${torn} torn, ${missed} missed, ${retries} transfers repeated)`;
  if (rateHz < sensor.refreshRateHz * RATE_REACHED) {
    return failed(check, `${found} of ${sensor.refreshRateHz}`, BAUDRATE_REMEDY);
  }
  if (sensor.refreshRateHz < wantedHz) {
    return warning(
      check,
      `${found}; the bus is too slow for thermal.refreshRateHz: ${wantedHz}`,
      BAUDRATE_REMEDY,
    );
  }
  return ok(check, found);
}

function kHz(hz: number): string {
  return `${Math.round(hz / 1000)} kHz`;
}
