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
import { faceTemperature } from '../../../src/screening/face-temperature.ts';
import { seededRandom } from '../../../src/simulation/random.ts';

const region: ThermalRegion = {
  face: { x: 11, y: 8, width: 9, height: 11 },
  upperFace: { x: 11, y: 7, width: 9, height: 6 },
  distanceM: 0.6,
  inView: 1,
};
const params = { spotSizeLossC: [[6, 0]] as const, systematicUncertaintyC: 0.1 };

/** A face with two warm eye corners, cooler hair and background around; the same subpages for the same seed. */
function samplesOf({ shiftC = 0, noiseC = 0, subpages = 8, seed = 1, faceC = 34.5 } = {}): FaceSamples {
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
    const thermogram: Thermogram = {
      atMs: number * 125,
      subpage: number % 2 === 0 ? 0 : 1,
      mirrored: false,
      toC,
      interpolated: new Uint8Array(768),
      taC: 30,
      vddV: 3.3,
      settled: true,
    };
    samples = addThermogram(samples, thermogram);
  }
  return samples;
}

function readingC(samples: FaceSamples): number {
  const found = faceTemperature(samples, region, params);
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
      const found = faceTemperature(samplesOf({ noiseC: 0.5, seed }), region, params);
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
      const found = faceTemperature(samplesOf({ noiseC: 0.5, subpages }), region, params);
      return found.kind === 'reading' ? found.reading.uncertaintyC : Number.NaN;
    };
    expect(uncertaintyAfter(32)).toBeLessThan(uncertaintyAfter(6));
  });

  test('a photo held up, too few pixels and too few samples give none', () => {
    expect(faceTemperature(samplesOf({ faceC: 23 }), region, params)).toEqual({
      kind: 'none',
      reason: 'no-heat',
    });
    const barelyLiving = Math.ceil(32 - readingC(samplesOf({ noiseC: 0.1 })));
    expect(faceTemperature(samplesOf({ shiftC: barelyLiving, noiseC: 0.1 }), region, params).kind).toBe(
      'reading',
    );
    // A display that warms itself.
    expect(faceTemperature(samplesOf({ shiftC: barelyLiving - 1, noiseC: 0.1 }), region, params)).toEqual({
      kind: 'none',
      reason: 'no-heat',
    });
    const far = { ...region, upperFace: { x: 11, y: 7, width: 3, height: 2 } };
    expect(faceTemperature(samplesOf(), far, params)).toEqual({ kind: 'none', reason: 'too-few-pixels' });
    expect(faceTemperature(samplesOf({ subpages: 2 }), region, params)).toEqual({
      kind: 'none',
      reason: 'too-few-samples',
    });
  });

  test('the spot size loss is added by the face width', () => {
    const withLoss = {
      ...params,
      spotSizeLossC: [
        [8, 0.4],
        [10, 0.2],
      ] as const,
    };
    const found = faceTemperature(samplesOf(), region, withLoss);
    const plain = readingC(samplesOf());
    expect(found.kind === 'reading' && found.reading.temperatureC).toBeCloseTo(plain + 0.3, 9);
    const beyond = {
      ...params,
      spotSizeLossC: [
        [2, 0.4],
        [4, 0.2],
      ] as const,
    };
    const outside = faceTemperature(samplesOf(), region, beyond);
    expect(outside.kind === 'reading' && outside.reading.temperatureC).toBeCloseTo(plain + 0.2, 9);
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
