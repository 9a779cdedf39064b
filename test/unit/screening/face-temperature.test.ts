import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ThermalRegion } from '../../../src/domain/thermal-region.ts';
import type { Thermogram } from '../../../src/domain/thermogram.ts';
import {
  addThermogram,
  type FaceSamples,
  meanOf,
  movedPx,
  startSamples,
} from '../../../src/screening/face-samples.ts';
import { faceTemperature, type ThermometryParams } from '../../../src/screening/face-temperature.ts';
import { seededRandom } from '../../../src/simulation/random.ts';

const region: ThermalRegion = {
  face: { x: 11, y: 8, width: 9, height: 11 },
  upperFace: { x: 11, y: 7, width: 9, height: 6 },
  distanceM: 0.6,
  inView: 1,
};
const row = { facePx: 6, lossC: 0, glasses: 0, glassesSpread: 0, spreadC: 0 };
const params: ThermometryParams = {
  spotSize: { worn: [row], 'not-worn': [row] },
  systematicUncertaintyC: 0.1,
  sampleNoiseC: 0,
  offsetC: 0,
};

function thermogramOf(number: number, toC: Float32Array): Thermogram {
  return {
    atMs: number * 125,
    subpage: number % 2 === 0 ? 0 : 1,
    mirrored: false,
    toC,
    interpolated: new Uint8Array(768),
    taC: 30,
    vddV: 3.3,
    settled: true,
  };
}

/** A face with two warm eye corners, cooler hair and background around; the same subpages for the same seed. */
function samplesOf({
  shiftC = 0,
  noiseC = 0,
  subpages = 8,
  seed = 1,
  faceC = 34.5,
  deviatesC = 0,
} = {}): FaceSamples {
  const random = seededRandom(seed);
  let samples = startSamples(region, 0);
  for (let number = 0; number < subpages; number++) {
    const toC = new Float32Array(768).fill(22 + shiftC);
    for (let row = 7; row < 19; row++) {
      for (let column = 11; column < 20; column++) {
        const eyeCorner = row === 11 && (column === 14 || column === 16);
        toC[row * 32 + column] = faceC + shiftC + (eyeCorner ? 0.5 : 0) + noiseC * random.normal();
      }
    }
    toC[10 * 32 + 15] = (toC[10 * 32 + 15] ?? 0) + deviatesC;
    samples = addThermogram(samples, thermogramOf(number, toC));
  }
  return samples;
}

function readingC(samples: FaceSamples): number {
  const found = faceTemperature(samples, params);
  return found.kind === 'reading' ? found.reading.temperatureC : Number.NaN;
}

describe('face surface temperature', () => {
  test('follows the face one to one: nothing pulls a reading towards normal', () => {
    const atRestC = readingC(samplesOf({ noiseC: 0.1 }));
    fc.assert(
      fc.property(fc.double({ min: -2, max: 5, noNaN: true }), (shiftC) => {
        expect(readingC(samplesOf({ shiftC, noiseC: 0.1 })) - atRestC).toBeCloseTo(shiftC, 3);
      }),
    );
  });

  test('noise neither lifts it by more than a tenth of a degree nor escapes its uncertainty', () => {
    const truthC = readingC(samplesOf());
    let within = 0;
    let sum = 0;
    const runs = 200;
    for (let seed = 1; seed <= runs; seed++) {
      const found = faceTemperature(samplesOf({ noiseC: 0.5, seed }), params);
      if (found.kind !== 'reading') throw new Error(found.reason);
      const errorC = found.reading.temperatureC - truthC;
      sum += errorC;
      if (Math.abs(errorC) <= 2 * found.reading.uncertaintyC) within++;
    }
    expect(Math.abs(sum / runs)).toBeLessThan(0.1);
    expect(within / runs).toBeGreaterThan(0.95);
  });

  test('is more certain the longer it looks', () => {
    const uncertaintyAfter = (subpages: number): number => {
      const found = faceTemperature(samplesOf({ noiseC: 0.5, subpages }), params);
      return found.kind === 'reading' ? found.reading.uncertaintyC : Number.NaN;
    };
    expect(uncertaintyAfter(32)).toBeLessThan(uncertaintyAfter(6));
  });

  test('a photo held up, too few pixels and too few samples give none', () => {
    expect(faceTemperature(samplesOf({ faceC: 23 }), params)).toEqual({
      kind: 'none',
      reason: 'no-heat',
    });
    const far = { ...region, upperFace: { x: 11, y: 7, width: 3, height: 2 } };
    expect(faceTemperature({ ...samplesOf(), region: far }, params)).toEqual({
      kind: 'none',
      reason: 'too-few-pixels',
    });
    expect(faceTemperature(samplesOf({ subpages: 2 }), params)).toEqual({
      kind: 'none',
      reason: 'too-few-samples',
    });
  });

  test('the spot size loss is added by the face width', () => {
    const reading = (table: ThermometryParams['spotSize']['worn']): number => {
      const spotSize = { worn: table, 'not-worn': table };
      const found = faceTemperature(samplesOf(), { ...params, spotSize });
      return found.kind === 'reading' ? found.reading.temperatureC : Number.NaN;
    };
    const plain = reading([row]);
    const [wide, wider] = [
      { ...row, facePx: 8, lossC: 0.4 },
      { ...row, facePx: 10, lossC: 0.2 },
    ];
    expect(reading([wide, wider])).toBeCloseTo(plain + 0.3, 9);
    expect(
      reading([
        { ...row, facePx: 2, lossC: 0.4 },
        { ...row, facePx: 4, lossC: 0.2 },
      ]),
    ).toBeCloseTo(plain + 0.2, 9);
    expect(reading([{ ...wide, facePx: 12 }])).toBeCloseTo(plain + 0.4, 9);
  });

  test('a mask has a loss of its own, and an unsure one lies between, less certain', () => {
    const spotSize = { worn: [{ ...row, lossC: 0.4 }], 'not-worn': [{ ...row, lossC: 0.6 }] } as const;
    const read = (mask: 'worn' | 'not-worn' | 'unsure') => {
      const found = faceTemperature(samplesOf(), { ...params, spotSize }, mask);
      if (found.kind === 'none') throw new Error(found.reason);
      return found.reading;
    };
    const [worn, bare, unsure] = [read('worn'), read('not-worn'), read('unsure')];
    expect(bare.temperatureC - worn.temperatureC).toBeCloseTo(0.2, 9);
    expect(unsure.temperatureC - worn.temperatureC).toBeCloseTo(0.1, 9);
    expect(unsure.uncertaintyC).toBeCloseTo(Math.hypot(worn.uncertaintyC, 0.1), 9);
  });

  test('the installer’s offset is added as it is, and nothing else changes', () => {
    const found = faceTemperature(samplesOf(), params);
    const offset = faceTemperature(samplesOf(), { ...params, offsetC: -0.7 });
    if (found.kind !== 'reading' || offset.kind !== 'reading') throw new Error('no reading');
    expect(offset.reading.temperatureC).toBeCloseTo(found.reading.temperatureC - 0.7, 9);
    expect(offset.reading.uncertaintyC).toBe(found.reading.uncertaintyC);
  });

  test('a pixel that deviates from all around it does not count, hot or dead', () => {
    const spoil = (byC: number): FaceSamples => samplesOf({ noiseC: 0.1, deviatesC: byC });
    const plain = readingC(samplesOf({ noiseC: 0.1 }));
    expect(Math.abs(readingC(spoil(12)) - plain)).toBeLessThan(0.1);
    expect(Math.abs(readingC(spoil(-12)) - plain)).toBeLessThan(0.1);
  });

  test('a face mostly hidden by something masked has no reading', () => {
    const masked = new Uint8Array(768).fill(1, 7 * 32, 10 * 32);
    let samples = startSamples(region, 0);
    for (let number = 0; number < 8; number++) {
      const toC = new Float32Array(768).fill(35);
      samples = addThermogram(samples, thermogramOf(number, toC), region, { offsetC: 0, masked });
    }
    expect(faceTemperature(samples, params)).toEqual({ kind: 'none', reason: 'covered' });
  });

  test('a face whose eyes alone are hidden has none either: nobody knows of its glasses', () => {
    const masked = new Uint8Array(768).fill(1, 11 * 32, 12 * 32);
    let samples = startSamples(region, 0);
    for (let number = 0; number < 8; number++) {
      const toC = new Float32Array(768).fill(34.5);
      samples = addThermogram(samples, thermogramOf(number, toC), region, { offsetC: 0, masked });
    }
    expect(faceTemperature(samples, params)).toEqual({ kind: 'none', reason: 'covered' });
  });

  test('what a reference shows is added to every sample', () => {
    const masked = new Uint8Array(768);
    const read = (offsetC: number): number => {
      let samples = startSamples(region, 0);
      for (let number = 0; number < 8; number++)
        samples = addThermogram(samples, thermogramOf(number, new Float32Array(768).fill(35)), region, {
          offsetC,
          masked,
        });
      return readingC(samples);
    };
    expect(read(0.6) - read(0)).toBeCloseTo(0.6, 4);
  });
});

describe('face samples', () => {
  test('each subpage brings only its own chess pixels', () => {
    const one = samplesOf({ subpages: 1 });
    expect(one.count.reduce((total, count) => total + count, 0)).toBe(384);
    expect(meanOf(one, 0)).toBeCloseTo(22, 5);
    expect(meanOf(one, 1)).toBeNaN();
  });

  test('tells how far a face has moved or grown, in thermal pixels', () => {
    const samples = startSamples(region, 0);
    expect(movedPx(samples, region)).toBe(0);
    expect(movedPx(samples, { ...region, face: { ...region.face, x: 12 } })).toBeCloseTo(1);
    expect(movedPx(samples, { ...region, face: { x: 10, y: 7, width: 11, height: 13 } })).toBeCloseTo(1);
  });
});
