import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreSquare, letterbox } from '../../../src/camera/letterbox.ts';
import { fillNetworkInput } from '../../../src/camera/network-input.ts';
import { rgbToI420 } from '../../../src/camera/rgb-to-i420.ts';
import { sampleI420 } from '../../../src/camera/sample-i420.ts';

/** A frame of one colour. */
function plain(width: number, height: number, colour: readonly number[]) {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3] ?? 0);
  return rgbToI420(rgb, width, height, 0);
}

/** A frame whose luma grows from left to right, one grey step a pixel. */
function ramp(width: number, height: number) {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => Math.floor(at / 3) % width);
  return rgbToI420(rgb, width, height, 0);
}

const toByte = (value: number | undefined): number => ((value ?? Number.NaN) + 1) * 127.5;

describe('network input', () => {
  it('keeps colours through YUV, within two grey levels', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }), (colour) => {
        const out = new Float32Array(32 * 32 * 3);
        fillNetworkInput(plain(16, 16, colour), letterbox({ x: 0, y: 0, width: 16, height: 16 }, 32), out);
        const errors = colour.map((value, channel) => Math.abs(toByte(out[channel]) - value));
        expect(Math.max(...errors)).toBeLessThan(2.1);
      }),
    );
  });

  it('averages the pixels it shrinks', () => {
    const out = new Float32Array(32 * 32 * 3);
    fillNetworkInput(ramp(64, 64), letterbox({ x: 0, y: 0, width: 64, height: 64 }, 32), out);
    for (const column of [0, 7, 31]) expect(toByte(out[column * 3])).toBeCloseTo(2 * column + 0.5, 1);
  });

  it('is as wide as the window needs, black bars filling up to the next 32 pixels', () => {
    const view = letterbox({ x: 0, y: 0, width: 64, height: 48 }, 64);
    expect([view.width, view.height]).toEqual([64, 64]);
    const out = new Float32Array(64 * 64 * 3);
    fillNetworkInput(plain(64, 48, [255, 255, 255]), view, out);
    const rows = Array.from({ length: 64 }, (_, row) => Math.round(toByte(out[row * 64 * 3])));
    expect(rows).toEqual([...new Array(8).fill(0), ...new Array(48).fill(255), ...new Array(8).fill(0)]);
    expect(letterbox({ x: 0, y: 0, width: 640, height: 480 }, 160)).toMatchObject({
      width: 160,
      height: 128,
      top: 4,
      left: 0,
    });
  });

  it('shows the same as an upright sampled square', () => {
    const frame = ramp(64, 64);
    const view = new Float32Array(32 * 32 * 3);
    const square = new Float32Array(32 * 32 * 3);
    fillNetworkInput(frame, letterbox({ x: 0, y: 0, width: 64, height: 64 }, 32), view);
    sampleI420(frame, { originX: 0, originY: 0, stepX: 2, stepY: 0 }, 32, square);
    const differences = view.map((value, at) => Math.abs(value - (square[at] ?? 9)));
    expect(Math.max(...differences)).toBeLessThan(0.01);
  });

  it('looks at the middle of a landscape frame', () => {
    expect(centreSquare(640, 480)).toEqual({ x: 80, y: 0, width: 480, height: 480 });
    expect(centreSquare(480, 640)).toEqual({ x: 0, y: 80, width: 480, height: 480 });
  });
});

describe('a turned square', () => {
  it('reads along its own axes', () => {
    const out = new Float32Array(4 * 4 * 3);
    // A quarter turn: the square's right is the picture's down, its down the picture's left.
    sampleI420(ramp(32, 32), { originX: 20, originY: 4, stepX: 0, stepY: 1 }, 4, out);
    const columnZero = [0, 1, 2, 3].map((row) => Math.round(toByte(out[row * 4 * 3])));
    const rowZero = [0, 1, 2, 3].map((column) => Math.round(toByte(out[column * 3])));
    expect(columnZero).toEqual([19, 18, 17, 16]);
    expect(rowZero).toEqual([19, 19, 19, 19]);
  });

  it('is black outside the frame', () => {
    const out = new Float32Array(4 * 4 * 3);
    sampleI420(plain(8, 8, [255, 255, 255]), { originX: -2, originY: 0, stepX: 1, stepY: 0 }, 4, out);
    expect([0, 1, 2, 3].map((column) => Math.round(toByte(out[column * 3])))).toEqual([0, 0, 255, 255]);
  });
});

describe('a picture with odd sides', () => {
  it('becomes an even frame, its last pixels repeated', () => {
    const frame = rgbToI420(new Uint8Array(3 * 5 * 3).fill(200), 3, 5, 7);
    expect(frame).toMatchObject({ atMs: 7, width: 4, height: 6 });
    expect([...frame.data.subarray(0, 24)]).toEqual(new Array(24).fill(200));
    expect([...frame.data.subarray(24)]).toEqual(new Array(12).fill(128));
  });
});
