import { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { openI2cDev } from '../io/linux/i2c-dev-bus.ts';
import { createSystemClock } from '../io/linux/system-clock.ts';
import { openAuditTrail } from '../io/store/audit-file.ts';
import { openSensorImages } from '../io/store/sensor-images.ts';
import { openMlx90640 } from '../thermal/mlx90640/driver.ts';
import { differingWords } from '../thermal/mlx90640/eeprom-identity.ts';
import { auditedImages } from './gate-audit.ts';

type Flags = Readonly<{ config?: string }>;

/** `fevergate sensor`: the thermal array, and the copy of its EEPROM that this gate keeps. */
export function sensorCommand(): Command {
  const command = new Command('sensor').description(
    'show the thermal array and its kept calibration, or accept another one',
  );
  const withConfig = (name: string): Command =>
    command
      .command(name)
      .option('--config <file>', 'configuration of the gate (default: the built-in defaults)');
  withConfig('show')
    .description('print the sensor that answers and those known to this gate')
    .action(async ({ config }: Flags) => {
      const { sensor, images } = await sensorAndImages(config);
      const { id, lens, busHz, refreshRateHz } = sensor;
      const kept = images.all().get(id);
      const state =
        kept === undefined
          ? 'not known to this gate yet'
          : `${differingWords(kept, sensor.eeprom)} words differ from the kept copy`;
      const lines = [
        `sensor ${id}, lens ${lens}, ${state}`,
        `bus ${Math.round(busHz / 1000)} kHz, ${refreshRateHz} subpages a second`,
        ...[...images.all().keys()].map((known) => `known: ${known}`),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
  withConfig('accept')
    .description('keep the EEPROM of the sensor that answers, after it was replaced or found right')
    .action(async ({ config }: Flags) => {
      const { sensor, images } = await sensorAndImages(config);
      await images.accept(sensor.id, sensor.eeprom);
      process.stdout.write(`sensor ${sensor.id} is known to this gate now\n`);
    });
  return command;
}

async function sensorAndImages(file: string | undefined) {
  const { i2c, thermal, records } = await loadConfig(file ?? null);
  const clock = createSystemClock();
  const images = auditedImages(
    await openSensorImages(records.directory),
    await openAuditTrail(records.directory, () => clock.wallTime()),
  );
  const bus = await openI2cDev(i2c.bus);
  try {
    const { refreshRateHz, adcBits } = thermal;
    const sensor = await openMlx90640(bus, clock, {
      address: i2c.address,
      refreshRateHz,
      adcBits,
    });
    return { sensor, images };
  } finally {
    await bus.close();
  }
}
