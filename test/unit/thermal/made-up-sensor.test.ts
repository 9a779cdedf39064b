import { describe, expect, it } from 'vitest';
import { calibrationOf } from '../../../src/thermal/mlx90640/eeprom.ts';
import { checkEeprom } from '../../../src/thermal/mlx90640/eeprom-check.ts';
import { lensOf } from '../../../src/thermal/mlx90640/lens.ts';
import { checkSubpage } from '../../../src/thermal/mlx90640/raw-subpage.ts';
import { createTemperatureDecoder } from '../../../src/thermal/mlx90640/temperature.ts';
import { createThermogramAssembler } from '../../../src/thermal/thermogram-assembler.ts';
import { aSensor, aSubpage } from '../../support/a-sensor.ts';

describe('the made-up sensor', () => {
  it('is accepted, has the narrow lens, and sees a warm disc in a room', () => {
    const check = checkEeprom(aSensor());
    expect(check).toMatchObject({ ok: true });
    const calibration = calibrationOf(aSensor());
    expect(lensOf(calibration)).toBe('BAB');
    expect(checkSubpage(aSubpage(0), calibration, createTemperatureDecoder(calibration))).toMatchObject({
      ok: true,
    });
    const assembler = createThermogramAssembler(calibration, {
      emissivity: 0.98,
      reflectedC: null,
      mirrored: false,
      poweredOnAtMs: 0,
    });
    assembler.accept({ words: aSubpage(0), atMs: 0 });
    const result = assembler.accept({ words: aSubpage(1), atMs: 500 });
    if (result.kind !== 'thermogram') throw new Error(result.kind);
    const { toC, taC, vddV } = result.thermogram;
    expect(taC).toBeCloseTo(31.1, 1);
    expect(vddV).toBeCloseTo(3.36, 2);
    expect(toC[12 * 32 + 16]).toBeCloseTo(36.7, 0);
    expect(toC[3 * 32 + 10]).toBeCloseTo(23.3, 0);
  });
});
