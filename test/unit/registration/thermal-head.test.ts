import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rect } from '../../../src/domain/geometry.ts';
import { findHead } from '../../../src/registration/thermal-head.ts';
import { uprightFor } from '../../../src/registration/upright.ts';

const WALL_C = 22;
const SKIN_C = 35;
const upright = uprightFor(0);

/** A warm body from `top` down: exact shares of each pixel, so that its edges are where they are said to be. */
function pictureOf(left: number, right: number, top: number): Float32Array {
  const inside = (low: number, high: number, pixel: number): number =>
    Math.max(0, Math.min(high, pixel + 1) - Math.max(low, pixel));
  return Float32Array.from({ length: 768 }, (_, pixel) => {
    const share = inside(left, right, pixel % 32) * inside(top, 24, Math.floor(pixel / 32));
    return WALL_C + (SKIN_C - WALL_C) * share;
  });
}

function expectedAt(left: number, right: number, top: number): Rect {
  const width = right - left;
  return { x: left, y: top + 0.3 * width, width, height: width };
}

const place = fc.record({
  left: fc.double({ min: 7, max: 15, noNaN: true }),
  width: fc.double({ min: 5, max: 9, noNaN: true }),
  top: fc.double({ min: 4, max: 9, noNaN: true }),
});

describe('a head in the thermal picture', () => {
  test('has its edges at half contrast, to a part of a pixel', () => {
    fc.assert(
      fc.property(place, ({ left, width, top }) => {
        const right = left + width;
        const found = findHead(
          { toC: pictureOf(left, right, top) },
          upright,
          expectedAt(left, right, top),
          6,
        );
        expect(found.kind).toBe('head');
        if (found.kind !== 'head') return;
        expect(Math.abs((found.head.left + found.head.right) / 2 - (left + right) / 2)).toBeLessThan(0.51);
        expect(Math.abs(found.head.top ?? Number.NaN) - top).toBeLessThan(0.02);
      }),
    );
  });

  test('is found where it is, not where it was expected', () => {
    const found = findHead({ toC: pictureOf(12, 20, 8) }, upright, expectedAt(15, 23, 5), 6);
    expect(found).toMatchObject({ kind: 'head', head: { left: 12, right: 20, top: 8 } });
  });

  test('keeps its place over dead pixels and a chess pattern', () => {
    const clean = pictureOf(12, 20, 8);
    const spoilt = clean.map((value, pixel) => {
      if (pixel === 10 * 32 + 12 || pixel === 8 * 32 + 16 || pixel === 11 * 32 + 19) return Number.NaN;
      return value + (((pixel >> 5) + pixel) % 2 === 0 ? 0.4 : -0.4);
    });
    const found = findHead({ toC: spoilt }, upright, expectedAt(12, 20, 8), 6);
    expect(found.kind).toBe('head');
    if (found.kind !== 'head') return;
    expect(Math.abs(found.head.left - 12)).toBeLessThan(0.15);
    expect(Math.abs(found.head.right - 20)).toBeLessThan(0.15);
    expect(Math.abs((found.head.top ?? Number.NaN) - 8)).toBeLessThan(0.35);
  });

  test('is the same in every quarter turn of the array', () => {
    const toC = pictureOf(8, 15, 8);
    for (const rollRad of [Math.PI / 2, Math.PI, -Math.PI / 2]) {
      const turned = uprightFor(rollRad);
      // The array's picture, whose upright version is `toC` as far as both reach.
      const array = new Float32Array(768).fill(WALL_C);
      for (let row = 0; row < Math.min(24, turned.height); row++) {
        for (let column = 0; column < Math.min(32, turned.width); column++) {
          array[turned.indexOf(column, row)] = toC[row * 32 + column] ?? WALL_C;
        }
      }
      const found = findHead({ toC: array }, turned, expectedAt(8, 15, 8), 6);
      expect(found, `${rollRad}`).toMatchObject({ kind: 'head', head: { left: 8, right: 15, top: 8 } });
    }
  });

  test('has no crown where the picture ends', () => {
    const found = findHead({ toC: pictureOf(10, 20, -2) }, upright, expectedAt(10, 20, -2), 6);
    expect(found).toMatchObject({ kind: 'head', head: { left: 10, right: 20, top: null } });
  });

  test.each([
    ['no-heat', new Float32Array(768).fill(WALL_C), expectedAt(12, 20, 8)],
    ['no-heat', new Float32Array(768).fill(Number.NaN), expectedAt(12, 20, 8)],
    ['out-of-view', pictureOf(-3, 6, 8), expectedAt(0, 9, 8)],
    ['other-size', pictureOf(14, 17, 8), expectedAt(12, 20, 8)],
    ['no-heat', pictureOf(2, 10, 8), expectedAt(22, 30, 8)],
  ] as const)('is none: %s', (reason, toC, expected) => {
    expect(findHead({ toC }, upright, expected, 5)).toEqual({ kind: 'none', reason });
  });
});

describe('the upright picture', () => {
  test.each([0, 0.1, Math.PI / 2, Math.PI, -Math.PI, -Math.PI / 2, 1.7])(
    'turned by %f has every pixel once, each under its own point',
    (rollRad) => {
      const { width, height, indexOf, turned } = uprightFor(rollRad);
      const seen = new Set<number>();
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const index = indexOf(column, row);
          seen.add(index);
          expect(turned({ x: (index % 32) + 0.5, y: Math.floor(index / 32) + 0.5 })).toEqual({
            x: column + 0.5,
            y: row + 0.5,
          });
        }
      }
      expect(seen.size).toBe(768);
    },
  );
});
