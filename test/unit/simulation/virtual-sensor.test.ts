import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FIELDS,
  type FieldName,
  readField,
  readPixel,
  writeField,
  writePixel,
} from '../../../src/simulation/sensor/eeprom-layout.ts';
import { generateEeprom } from '../../../src/simulation/sensor/generate-eeprom.ts';
import { readEepromFile } from '../../../src/simulation/sensor/read-eeprom-file.ts';
import { checkEeprom } from '../../../src/thermal/mlx90640/eeprom-check.ts';
import { lensOf } from '../../../src/thermal/mlx90640/lens.ts';
import { createTemperatureDecoder } from '../../../src/thermal/mlx90640/temperature.ts';
import { describeWithSharedData, sharedData } from '../../support/shared-data.ts';
import { readSubpages, stillScene, virtualSensor } from '../../support/virtual-sensor.ts';

const LENSES = ['BAA', 'BAB'] as const;
const KELVIN = 273.15;

/** Faces and wall: smooth temperatures between 18 and 38 degC. */
const roomScene = Float64Array.from({ length: 768 }, (_, pixel) => {
  const [row, column] = [Math.floor(pixel / 32), pixel % 32];
  return 28 + 10 * Math.sin(row / 5) * Math.cos(column / 6);
});

describe('a generated EEPROM', () => {
  test.each(LENSES)('of a %s is accepted by the driver, with its lens told', (lens) => {
    for (let seed = 1; seed <= 30; seed++) {
      const check = checkEeprom(generateEeprom({ lens, seed }));
      expect(check).toMatchObject({ ok: true });
      if (check.ok) expect(lensOf(check.calibration)).toBe(lens);
    }
  });

  test('has the broken and outlier pixels asked for', () => {
    const check = checkEeprom(generateEeprom({ lens: 'BAB', seed: 1, broken: [5], outliers: [100, 700] }));
    expect(check.ok && [check.calibration.broken, check.calibration.outlier]).toEqual([[5], [100, 700]]);
  });

  test('fields come back as they were written, and touch no other', () => {
    const names = Object.keys(FIELDS) as FieldName[];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, any) => {
        const eeprom = generateEeprom({ lens: 'BAB', seed: 1 });
        const before = names.map((other) => readField(eeprom, other));
        const { bits, signed } = FIELDS[name];
        const value = (any % 2 ** bits) - (signed ? 2 ** (bits - 1) : 0);
        writeField(eeprom, name, value);
        expect(readField(eeprom, name)).toBe(value);
        writeField(eeprom, name, before[names.indexOf(name)] ?? 0);
        expect(names.map((other) => readField(eeprom, other))).toEqual(before);
      }),
    );
    const eeprom = new Uint16Array(832);
    writePixel(eeprom, 767, 'offset', -32);
    writePixel(eeprom, 767, 'kta', 3);
    expect([
      readPixel(eeprom, 767, 'offset'),
      readPixel(eeprom, 767, 'alpha'),
      readPixel(eeprom, 767, 'kta'),
    ]).toEqual([-32, 0, 3]);
  });
});

/** Reads the scene through the driver and holds every pixel against one count of the converter. */
async function expectRoundTrip(eeprom: Uint16Array): Promise<void> {
  const { sensor, subpages } = await readSubpages(virtualSensor({ eeprom, scene: stillScene(roomScene) }), 2);
  const { calibration } = sensor;
  const decoder = createTemperatureDecoder(calibration);
  const toC = new Float64Array(768);
  for (const { words } of subpages) {
    const vddV = decoder.vddV(words);
    const taC = decoder.taC(words, vddV);
    expect(taC).toBeCloseTo(30, 2);
    decoder.toC(words, { vddV, taC, emissivity: 0.98, reflectedC: 22 }, toC);
  }
  const gain = calibration.gain / (((subpages[0]?.words[778] ?? 0) << 16) >> 16);
  let squares = 0;
  for (let pixel = 0; pixel < 768; pixel++) {
    const [row, column] = [Math.floor(pixel / 32), pixel % 32];
    const trueC = roomScene[row * 32 + 31 - column] ?? Number.NaN;
    const errorC = (toC[pixel] ?? Number.NaN) - trueC;
    squares += errorC * errorC;
    // One count in degrees: gain over the slope of the radiation (Stefan-Boltzmann) at that pixel.
    const sensitivity = 0.98 * (calibration.alpha[pixel] ?? 0) * (1 + calibration.ksTa * 5);
    const countC = gain / (sensitivity * 4 * (trueC + KELVIN) ** 3);
    expect(Math.abs(errorC) / countC).toBeLessThanOrEqual(0.55);
  }
  expect(Math.sqrt(squares / 768)).toBeLessThanOrEqual(0.035);
}

describe('the virtual sensor, noise-free at 19 bits, gives the scene back through the driver', () => {
  test.each(LENSES)('with a generated %s', (lens) => expectRoundTrip(generateEeprom({ lens, seed: 3 })));
});

describeWithSharedData('with the EEPROM of a real sensor too', () => {
  test.each(['melexis-example.json', 'second-sensor.json'])('%s', async (name) => {
    await expectRoundTrip(await readEepromFile(sharedData(`mlx90640/${name}`)));
  });
});

describe('the virtual sensor’s noise', () => {
  // Datasheet rev 12, figure 19: mean NETD of the array, K, by refresh rate.
  const NETD_K = { BAA: 0.14, BAB: 0.25 } as const;
  test.each(LENSES.flatMap((lens) => ([2, 8, 16] as const).map((rate) => [lens, rate] as const)))(
    'is the datasheet’s for the %s at %d Hz',
    async (lens, refreshRateHz) => {
      const eeprom = generateEeprom({ lens, seed: 4 });
      const even = new Float64Array(768).fill(25);
      const device = virtualSensor({ eeprom, scene: stillScene(even), noise: { seed: 9 } });
      const { sensor, subpages } = await readSubpages(device, 120, { refreshRateHz, adcBits: 19 });
      const decoder = createTemperatureDecoder(sensor.calibration);
      const sums = new Float64Array(768);
      const squares = new Float64Array(768);
      const toC = new Float64Array(768);
      for (const { words } of subpages) {
        const subpage = words[833];
        decoder.toC(words, { vddV: 3.3, taC: 30, emissivity: 0.98, reflectedC: 22 }, toC);
        for (let pixel = 0; pixel < 768; pixel++) {
          if (((Math.floor(pixel / 32) + pixel) & 1) !== subpage) continue;
          const over = (toC[pixel] ?? 0) - 25;
          sums[pixel] = (sums[pixel] ?? 0) + over;
          squares[pixel] = (squares[pixel] ?? 0) + over * over;
        }
      }
      const count = subpages.length / 2;
      let netd = 0;
      for (let pixel = 0; pixel < 768; pixel++) {
        netd += Math.sqrt(((squares[pixel] ?? 0) - (sums[pixel] ?? 0) ** 2 / count) / (count - 1)) / 768;
      }
      const expected = NETD_K[lens] * Math.sqrt(refreshRateHz);
      expect(netd).toBeGreaterThan(expected * 0.75);
      expect(netd).toBeLessThan(expected * 1.25);
    },
  );

  test('is the same for the same seed', async () => {
    const eeprom = generateEeprom({ lens: 'BAB', seed: 4 });
    const wordsOf = async (seed: number) =>
      (await readSubpages(virtualSensor({ eeprom, scene: stillScene(roomScene), noise: { seed } }), 3))
        .subpages;
    expect(await wordsOf(1)).toEqual(await wordsOf(1));
    expect(await wordsOf(1)).not.toEqual(await wordsOf(2));
  });
});

describe('the virtual sensor on its bus', () => {
  test('is never written to where its calibration is', async () => {
    const device = virtualSensor({
      eeprom: generateEeprom({ lens: 'BAB', seed: 1 }),
      scene: stillScene(roomScene),
    });
    await readSubpages(device, 10);
    expect(device.bus.eepromWrites).toBe(0);
  });

  test('at 100 kHz the driver runs at 4 subpages a second whatever is asked for, and none is torn', async () => {
    const device = virtualSensor({
      eeprom: generateEeprom({ lens: 'BAB', seed: 1 }),
      scene: stillScene(roomScene),
      busHz: 100_000,
    });
    const { sensor } = await readSubpages(device, 20, { refreshRateHz: 16, adcBits: 19 });
    expect(sensor.refreshRateHz).toBe(4);
    expect(sensor.statistics).toMatchObject({ torn: 0, missed: 0 });
  });

  test('at 400 kHz and 8 subpages a second nothing is missed', async () => {
    const device = virtualSensor({
      eeprom: generateEeprom({ lens: 'BAB', seed: 1 }),
      scene: stillScene(roomScene),
    });
    const { subpages } = await readSubpages(device, 40);
    const gaps = subpages.slice(1).map((raw, index) => raw.atMs - (subpages[index]?.atMs ?? 0));
    for (const gap of gaps) expect(Math.abs(gap - 125)).toBeLessThan(10);
    const numbers = subpages.map((raw) => raw.words[833]);
    expect(new Set(numbers.map((number, index) => ((number ?? 0) + index) % 2)).size).toBe(1);
  });
});
