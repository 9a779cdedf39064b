import { expect, it } from 'vitest';
import { calibrationOf } from '../../../src/thermal/mlx90640/eeprom.ts';
import { createTemperatureDecoder } from '../../../src/thermal/mlx90640/temperature.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';
import { derivedVectors, recordedVectors, worstErrors } from './vectors.ts';

/** What a gate looks at; farther out the C library's own rounding of alpha shows. */
const ROOM_C: [number, number] = [10, 60];

describeWithSharedData('object temperatures', () => {
  it.each(['melexis-example', 'second-sensor'])('match the C library: %s', (name) => {
    const { eeprom, expected } = recordedVectors(name);
    const everywhere = worstErrors(eeprom, expected);
    expect(everywhere.compared).toBe(384 * expected.length);
    expect(everywhere.vddV).toBeLessThan(1e-5);
    expect(everywhere.taC).toBeLessThan(1e-4);
    expect(everywhere.toC).toBeLessThan(0.01);
    expect(worstErrors(eeprom, expected, ROOM_C).toC).toBeLessThan(0.001);
  });

  it.each(['wide-range-bab', 'wide-range-baa', 'melexis-interleaved', 'melexis-tgc1'])(
    'match the C library on derived frames: %s',
    (name) => {
      const { eeprom, expected } = derivedVectors(name);
      const everywhere = worstErrors(eeprom, expected);
      expect(everywhere.compared).toBe(384 * expected.length);
      expect(everywhere.vddV).toBeLessThan(1e-5);
      expect(everywhere.taC).toBeLessThan(1e-4);
      expect(everywhere.toC).toBeLessThan(0.01);
      expect(worstErrors(eeprom, expected, ROOM_C).toC).toBeLessThan(0.001);
    },
  );

  it("match Melexis' published result after both subpages", () => {
    const { eeprom, expected } = recordedVectors('melexis-example');
    const published = readSharedJson<{ published_to_c_emissivity_1: number[] }>(
      'mlx90640/melexis-example.json',
    ).published_to_c_emissivity_1;
    const decoder = createTemperatureDecoder(calibrationOf(eeprom));
    const toC = new Float64Array(768).fill(Number.NaN);
    for (const { words } of expected.slice(0, 2)) {
      const vddV = decoder.vddV(words);
      const taC = decoder.taC(words, vddV);
      decoder.toC(words, { vddV, taC, emissivity: 1, reflectedC: null }, toC);
    }
    const worst = Math.max(...published.map((value, pixel) => Math.abs(value - (toC[pixel] ?? 1e9))));
    // Published with three decimals.
    expect(worst).toBeLessThan(0.001);
  });

  it('writes the same into a Float32Array, and only its own pixels', () => {
    const { eeprom, expected } = recordedVectors('melexis-example');
    const decoder = createTemperatureDecoder(calibrationOf(eeprom));
    const words = expected[0]?.words ?? new Uint16Array(834);
    const conditions = { vddV: 3.3, taC: 34, emissivity: 0.98, reflectedC: 22 };
    const wide = new Float64Array(768).fill(-1);
    const narrow = new Float32Array(768).fill(-1);
    decoder.toC(words, conditions, wide);
    decoder.toC(words, conditions, narrow);
    expect(narrow).toEqual(Float32Array.from(wide));
    expect(wide.filter((value) => value === -1)).toHaveLength(384);
  });

  it('gives NaN where the radiation would be negative', () => {
    const { eeprom, expected } = recordedVectors('melexis-example');
    const words = (expected[0]?.words ?? new Uint16Array(834)).slice();
    words[0] = 0x8000;
    const toC = new Float64Array(768);
    createTemperatureDecoder(calibrationOf(eeprom)).toC(
      words,
      { vddV: 3.3, taC: 34, emissivity: 1, reflectedC: null },
      toC,
    );
    expect(toC[0]).toBeNaN();
    expect(toC[2]).toBeGreaterThan(20);
  });

  it("does the datasheet's worked example as the C library does, not as printed", () => {
    const example = readSharedJson<{
      eeprom: number[];
      frame: number[];
      emissivity: number;
      tr: number;
      expected: Record<
        'deltaV' | 'ta' | 'gain' | 'kta' | 'kv' | 'ksTa' | 'ksTo2' | 'alpha' | 'pixOsRef',
        number
      > & {
        alphaCp: number[];
      };
      computedDouble: Record<'vdd' | 'ta' | 'pixOS', number>;
      cLibrary: { to367: number };
    }>('mlx90640/derived/datasheet-worked-example.json');
    const calibration = calibrationOf(Uint16Array.from(example.eeprom));
    const decoder = createTemperatureDecoder(calibration);
    const words = Uint16Array.from(example.frame);
    const { expected } = example;
    const pixel = 367;
    const gradient = (calibration.tgc * (calibration.cpAlpha[0] + calibration.cpAlpha[1])) / 2;

    expect(calibration.offset[pixel]).toBe(expected.pixOsRef);
    expect(calibration.kta[pixel]).toBe(expected.kta);
    expect(calibration.kv[pixel]).toBe(expected.kv);
    expect(calibration.ksTa).toBe(expected.ksTa);
    expect(calibration.ksTo[1]).toBe(expected.ksTo2);
    expect(calibration.cpAlpha[0]).toBeCloseTo(expected.alphaCp[0] ?? 0, 20);
    expect(calibration.cpAlpha[1]).toBeCloseTo(expected.alphaCp[1] ?? 0, 20);
    expect((calibration.alpha[pixel] ?? 0) + gradient).toBeCloseTo(expected.alpha, 18);

    const vddV = decoder.vddV(words);
    const taC = decoder.taC(words, vddV);
    expect(vddV - 3.3).toBeCloseTo(expected.deltaV, 8);
    expect(vddV).toBeCloseTo(example.computedDouble.vdd, 12);
    expect(taC).toBeCloseTo(example.computedDouble.ta, 10);
    expect(taC).toBeCloseTo(expected.ta, 3);

    const toC = new Float64Array(768);
    const conditions = { vddV, taC, emissivity: example.emissivity, reflectedC: example.tr };
    decoder.toC(words, conditions, toC);
    expect(toC[pixel]).toBeCloseTo(example.cLibrary.to367, 2);
  });
});
