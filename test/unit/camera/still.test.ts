import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faceStill } from '../../../src/camera/face-still.ts';
import { pixelate } from '../../../src/camera/pixelate.ts';
import { rgbToI420 } from '../../../src/camera/rgb-to-i420.ts';
import type { Still } from '../../../src/domain/still.ts';

const WIDTH = 320;
const HEIGHT = 240;

/** A grey frame that tells where each pixel was: luma grows by one each column, and again each row. */
const ramp = rgbToI420(
  Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return ((pixel % WIDTH) + Math.floor(pixel / WIDTH)) % 200;
  }),
  WIDTH,
  HEIGHT,
  0,
);
const pixelOf = (still: Still, x: number, y: number): number[] => [
  ...still.rgb.subarray(3 * (y * still.width + x), 3 * (y * still.width + x) + 3),
];

describe('the still of a face', () => {
  test('is as wide as the box, a quarter taller, and copied pixel by pixel where nothing is shrunk', () => {
    const still = faceStill(ramp, { x: 100, y: 60, width: 80, height: 80 }, []);
    expect([still.width, still.height]).toEqual([80, 100]);
    for (const [x, y] of [
      [0, 0],
      [79, 99],
      [40, 7],
    ] as const) {
      const grey = (100 + x + 50 + y) % 200;
      expect(pixelOf(still, x, y)).toEqual([grey, grey, grey]);
    }
  });

  test('is never more than 160 x 200 pixels, and never enlarged', () => {
    fc.assert(
      fc.property(
        fc.record({
          x: fc.double({ min: -100, max: 300, noNaN: true }),
          y: fc.double({ min: -100, max: 230, noNaN: true }),
          width: fc.double({ min: 0.1, max: 500, noNaN: true }),
          height: fc.double({ min: 0.1, max: 500, noNaN: true }),
        }),
        (box) => {
          const { width, height, rgb } = faceStill(ramp, box, []);
          expect(width).toBeGreaterThan(0);
          expect(width).toBeLessThanOrEqual(Math.min(160, Math.max(1, Math.round(box.width))));
          expect(height).toBeLessThanOrEqual(Math.min(200, Math.max(1, Math.round(1.25 * box.width))));
          expect(rgb).toHaveLength(3 * width * height);
        },
      ),
    );
  });

  test('is black where it leaves the frame', () => {
    const still = faceStill(ramp, { x: -40, y: 60, width: 80, height: 80 }, []);
    expect(pixelOf(still, 20, 50)).toEqual([0, 0, 0]);
    expect(pixelOf(still, 60, 50)).not.toEqual([0, 0, 0]);
  });

  test('shows nothing of another face that reaches into it beside the box', () => {
    const box = { x: 100, y: 60, width: 80, height: 60 };
    const other = { x: 150, y: 20, width: 60, height: 40 };
    const still = faceStill(ramp, box, [other]);
    const plain = faceStill(ramp, box, []);
    // Above the own box, inside the other's: x 160, y 42.
    expect(pixelOf(still, 60, 2)).toEqual([128, 128, 128]);
    expect(pixelOf(plain, 60, 2)).not.toEqual([128, 128, 128]);
    // Inside the own box nothing is hidden.
    expect(pixelOf(still, 60, 40)).toEqual(pixelOf(plain, 60, 40));
  });
});

describe('a pixelated still', () => {
  test('is a few cells of one colour each, their mean, and holds nothing else', () => {
    const size = fc.record({
      width: fc.integer({ min: 1, max: 160 }),
      height: fc.integer({ min: 1, max: 200 }),
    });
    fc.assert(
      fc.property(size, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), ({ width, height }, noise) => {
        const rgb = Uint8Array.from(noise.take(3 * width * height));
        const still = { width, height, rgb: Uint8Array.from(rgb) };
        pixelate(still);
        const colours = new Set<string>();
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) colours.add(pixelOf(still, x, y).join());
        expect(colours.size).toBeLessThanOrEqual(20);
        const mean = (bytes: Uint8Array): number => bytes.reduce((sum, one) => sum + one, 0) / bytes.length;
        expect(Math.abs(mean(still.rgb) - mean(rgb))).toBeLessThanOrEqual(0.5);
      }),
      { numRuns: 30 },
    );
  });

  test('has four cells across, whatever the still', () => {
    const still = faceStill(ramp, { x: 60, y: 20, width: 160, height: 160 }, []);
    pixelate(still);
    const row = Array.from({ length: still.width }, (_, x) => pixelOf(still, x, 100).join());
    const changes = row.flatMap((colour, x) => (x > 0 && colour !== row[x - 1] ? [x] : []));
    expect(changes).toEqual([40, 80, 120]);
  });
});
