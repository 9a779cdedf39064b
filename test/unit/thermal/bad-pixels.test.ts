import { describe, expect, it } from 'vitest';
import { correctBadPixels, deviatingPixelStatus } from '../../../src/thermal/mlx90640/bad-pixels.ts';
import type { ReadOut } from '../../../src/thermal/mlx90640/calibration.ts';
import { calibrationOf } from '../../../src/thermal/mlx90640/eeprom.ts';
import { checkEeprom } from '../../../src/thermal/mlx90640/eeprom-check.ts';
import { createTemperatureDecoder } from '../../../src/thermal/mlx90640/temperature.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';
import { derivedVectors, type Expected, melexisEeprom, recordedVectors } from './vectors.ts';

type Corrected = readonly [pixel: number, before: number | null, after: number | null];
type Case = Readonly<{
  broken: number[];
  outlier: number[];
  status: number;
  chess: Corrected[];
  interleaved: Corrected[];
}>;

/** The EEPROM with pixels marked as a factory would. */
function marked({ broken, outlier }: Pick<Case, 'broken' | 'outlier'>): Uint16Array {
  const eeprom = melexisEeprom();
  for (const pixel of broken) eeprom[64 + pixel] = 0;
  for (const pixel of outlier) eeprom[64 + pixel] = (eeprom[64 + pixel] ?? 0) | 1;
  return eeprom;
}

function picture(eeprom: Uint16Array, frames: readonly Expected[]): Float64Array {
  const decoder = createTemperatureDecoder(calibrationOf(eeprom));
  const toC = new Float64Array(768);
  for (const { words } of frames) {
    const vddV = decoder.vddV(words);
    const taC = decoder.taC(words, vddV);
    decoder.toC(words, { vddV, taC, emissivity: 1, reflectedC: null }, toC);
  }
  return toC;
}

describeWithSharedData('deviating pixels', () => {
  const cases = Object.entries(
    readSharedJson<{ cases: Record<string, Case> }>('mlx90640/derived/deviating-pixels.json').cases,
  );
  const frames: Record<ReadOut, readonly Expected[]> = {
    chess: recordedVectors('melexis-example').expected.slice(0, 2),
    interleaved: derivedVectors('melexis-interleaved').expected,
  };

  it.each(cases)("are judged with Melexis' codes: %s", (_, one) => {
    const eeprom = marked(one);
    const calibration = calibrationOf(eeprom);
    expect(calibration.broken).toEqual(one.broken);
    expect(calibration.outlier).toEqual(one.outlier);
    expect(deviatingPixelStatus(calibration)).toBe(one.status);
    expect(checkEeprom(eeprom).ok).toBe(one.status === 0);
  });

  it.each(cases.filter(([, one]) => one.status === 0))(
    "are replaced as Melexis' library does: %s",
    (_, one) => {
      const eeprom = marked(one);
      const toC = picture(eeprom, frames.chess);
      for (const readOut of ['chess', 'interleaved'] as const) {
        const corrected = toC.slice();
        correctBadPixels(corrected, one, readOut);
        for (const [pixel, , after] of one[readOut]) {
          expect(Math.abs((corrected[pixel] ?? 0) - (after ?? 0))).toBeLessThan(0.001);
        }
      }
    },
  );
});

describe('chess correction', () => {
  it('takes the neighbours that have a value', () => {
    const toC = Float64Array.from({ length: 768 }, (_, pixel) => pixel);
    toC[100 - 33] = Number.NaN;
    correctBadPixels(toC, { broken: [100], outlier: [] }, 'chess');
    expect(toC[100]).toBe(131);
    toC.fill(Number.NaN);
    correctBadPixels(toC, { broken: [100], outlier: [] }, 'chess');
    expect(toC[100]).toBeNaN();
  });
});
