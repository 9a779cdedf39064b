import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDisc, type TemperatureGrid } from '../../../src/screening/reference/find-disc.ts';
import { describeWithSharedData, sharedData } from '../../support/shared-data.ts';

const search = { minRadiusPx: 4, maxRadiusPx: 9, minContrastC: 2.5 };

/** A disc with a soft edge before an even wall. */
function gridWith(x: number, y: number, radiusPx: number, discC = 35): TemperatureGrid {
  const [width, height] = [64, 48];
  const toC = Float64Array.from({ length: width * height }, (_, pixel) => {
    const away = Math.hypot((pixel % width) + 0.5 - x, Math.floor(pixel / width) + 0.5 - y);
    return 22 + (discC - 22) / (1 + Math.exp((away - radiusPx) / 0.5));
  });
  return { width, height, toC };
}

describe('a warm disc', () => {
  test('is found wherever it is, with its temperature', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 14, max: 50, noNaN: true }),
        fc.double({ min: 14, max: 34, noNaN: true }),
        fc.double({ min: 4.5, max: 8, noNaN: true }),
        (x, y, radiusPx) => {
          const disc = findDisc(gridWith(x, y, radiusPx), search);
          expect(Math.hypot((disc?.x ?? 0) - x, (disc?.y ?? 0) - y)).toBeLessThan(0.5);
          expect(Math.abs((disc?.radiusPx ?? 0) - radiusPx)).toBeLessThan(0.7);
          expect(Math.abs((disc?.temperatureC ?? 0) - 35)).toBeLessThan(0.5);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('one too large, too small, too cool or of another temperature is none', () => {
    expect(findDisc(gridWith(32, 24, 15), search)).toBeNull();
    expect(findDisc(gridWith(32, 24, 2), search)).toBeNull();
    expect(findDisc(gridWith(32, 24, 6, 23), search)).toBeNull();
    const expected = { temperatureC: 40, withinC: 3 };
    expect(findDisc(gridWith(32, 24, 6), { ...search, expected })).toBeNull();
  });

  test('a warm bar is none', () => {
    const toC = Float64Array.from({ length: 64 * 48 }, (_, pixel) =>
      Math.abs((pixel % 64) - 32) < 5 ? 35 : 22,
    );
    expect(findDisc({ width: 64, height: 48, toC }, search)).toBeNull();
  });
});

describeWithSharedData('recordings of people beside a warm reference', () => {
  // Where the reference is, read off the pictures by eye, recorded pixels.
  test.each([
    ['20210322-112850', 133, 93],
    ['20210322-141052', 102, 15],
    ['20210325-091249', 133, 94],
  ])('its disc is found in at least 99 %% of the frames of %s', (name, x, y) => {
    const file = sharedData(`thermal-recordings/${name}.json`);
    const { width, height, frames } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      'width' | 'height' | 'frames',
      number
    >;
    const bytes = gunzipSync(readFileSync(path.join(path.dirname(file), `${name}.u16.gz`)));
    const centikelvin = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const size = width * height;
    let found = 0;
    for (let frame = 0; frame < frames; frame++) {
      const raw = centikelvin.subarray(frame * size, (frame + 1) * size);
      const disc = findDisc({ width, height, toC: Float32Array.from(raw, (v) => v / 100 - 273.15) }, search);
      if (disc !== null && Math.hypot(disc.x - x, disc.y - y) <= 4) found++;
    }
    expect(found / frames).toBeGreaterThanOrEqual(0.99);
  });
});
