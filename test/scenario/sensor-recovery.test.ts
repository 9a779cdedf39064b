import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSensorImages } from '../../src/io/store/sensor-images.ts';
import { generateEeprom } from '../../src/simulation/sensor/generate-eeprom.ts';
import type { VirtualMlx90640 } from '../../src/simulation/sensor/virtual-mlx90640.ts';
import type { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { eepromIdentity } from '../../src/thermal/mlx90640/eeprom-identity.ts';
import { gateThrough } from '../support/empty-room-gate.ts';

const awhile = (_sensor: VirtualMlx90640, clock: VirtualClock): Promise<void> => clock.sleep(4000);

describe('a sensor that hangs', () => {
  test('first its bus is freed, then its supply switched; what helps ends it', async () => {
    const done: string[] = [];
    const { signals } = await gateThrough(
      async (sensor, clock) => {
        await clock.sleep(3000);
        sensor.setFault('stuck');
        await clock.sleep(30_000);
      },
      {
        recovery: (sensor) => ({
          clearBus: async () => void done.push('clear-bus'),
          cyclePower: async () => {
            done.push('cycle-power');
            sensor.setFault('none');
          },
        }),
      },
    );
    expect(done).toEqual(['clear-bus', 'cycle-power']);
    expect(signals).toEqual(['warming-up', 'idle', 'out-of-service', 'idle']);
  });

  test('a step that fails itself is logged, and the gate goes on trying', async () => {
    const { signals, logged } = await gateThrough(
      async (sensor, clock) => {
        await clock.sleep(3000);
        sensor.setFault('stuck');
        await clock.sleep(10_000);
        sensor.setFault('none');
        await clock.sleep(10_000);
      },
      { recovery: () => ({ clearBus: () => Promise.reject(new Error('no pinctrl')) }) },
    );
    expect(logged).toContain('recovery failed');
    expect(signals.at(-1)).toBe('idle');
  });

  test('steps begin anew once the sensor has delivered', async () => {
    const done: string[] = [];
    await gateThrough(
      async (sensor, clock) => {
        for (let failure = 0; failure < 4; failure++) {
          await clock.sleep(6000);
          sensor.setFault('stuck');
          await clock.sleep(600);
          sensor.setFault('none');
        }
      },
      { recovery: () => ({ cyclePower: async () => void done.push('cycle-power') }) },
    );
    expect(done).toEqual([]);
  });
});

test('on a slow bus the sensor runs as fast as that allows, and the installer is told', async () => {
  const { signals, logged } = await gateThrough(awhile, { busHz: 100_000 });
  expect(logged).toContainEqual(expect.stringContaining('too slow for thermal.refreshRateHz'));
  expect(signals).toEqual(['warming-up', 'idle']);
});

describe('the EEPROM kept since commissioning', () => {
  const eeprom = generateEeprom({ lens: 'BAB', seed: 1 });
  const id = eepromIdentity(eeprom) ?? '';
  const damaged = eeprom.slice();
  damaged[0x98] = (damaged[0x98] ?? 0) ^ 0x0040;
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'fevergate-images-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is that of the first sensor, and outlives the gate', async () => {
    await gateThrough(awhile, { eeprom, sensorImages: await openSensorImages(directory) });
    const kept = (await openSensorImages(directory)).all();
    expect([...kept.keys()]).toEqual([id]);
    expect(kept.get(id)).toEqual(eeprom);
  });

  test('a changed EEPROM is refused, in how many words it differs and what to do', async () => {
    await (await openSensorImages(directory)).accept(id, eeprom);
    const sensorImages = await openSensorImages(directory);
    await expect(gateThrough(awhile, { eeprom: damaged, sensorImages })).rejects.toMatchObject({
      code: 'eeprom-changed',
      message: expect.stringMatching(/^1 words .*thermal\.calibration: stored.*fevergate sensor accept/),
    });
  });

  test('the kept copy is used when the configuration says so, even for a damaged serial number', async () => {
    const sensorImages = await openSensorImages(directory);
    await sensorImages.accept(id, eeprom);
    const nameless = damaged.slice();
    nameless[7] = (nameless[7] ?? 0) ^ 1;
    for (const read of [damaged, nameless]) {
      const { signals, logged } = await gateThrough(awhile, {
        eeprom: read,
        sensorImages,
        thermal: { calibration: 'stored' },
      });
      expect(signals.at(-1)).toBe('idle');
      expect(logged).toContain('sensor EEPROM has changed, the kept copy is used');
    }
  });

  test('another sensor is not taken for the commissioned one, not even with the kept copy', async () => {
    const sensorImages = await openSensorImages(directory);
    await sensorImages.accept(id, eeprom);
    const other = generateEeprom({ lens: 'BAB', seed: 2 });
    other[9] = (other[9] ?? 0) ^ 0x0101;
    for (const calibration of ['sensor', 'stored'] as const) {
      const running = gateThrough(awhile, { eeprom: other, sensorImages, thermal: { calibration } });
      await expect(running).rejects.toMatchObject({ code: 'sensor-unknown' });
    }
  });

  test('a damaged file is told by name and left as it is', async () => {
    await (await openSensorImages(directory)).accept(id, eeprom);
    await writeFile(path.join(directory, 'sensors.json'), '{"version":1,"sensors":[{}]}');
    await expect(openSensorImages(directory)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('sensors.json'),
    });
  });

  test('EEPROM words that change while the gate runs put it out of service until they are right again', async () => {
    let flips = 0;
    const { signals } = await gateThrough(
      async (sensor, clock) => {
        await clock.sleep(3000);
        flips = 1;
        sensor.setFault('stuck');
        await clock.sleep(1000);
        sensor.setFault('none');
        await clock.sleep(10_000);
        flips = 0;
        await clock.sleep(20_000);
      },
      {
        eeprom,
        busOf: (sensor) => ({
          async transfer(address, write, readLength) {
            const bytes = await sensor.transfer(address, write, readLength);
            if (flips > 0 && write[0] === 0x24 && readLength > 1000) {
              bytes[0x98 * 2] = (bytes[0x98 * 2] ?? 0) ^ 0x02;
            }
            return bytes;
          },
        }),
      },
    );
    expect(signals).toEqual(['warming-up', 'idle', 'out-of-service', 'idle']);
  });
});
