import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../src/camera/letterbox.ts';
import type { Face } from '../../../src/domain/face.ts';
import { anchorCentres, INPUT_SIZES } from '../../../src/vision/anchors.ts';
import { decodeGrid } from '../../../src/vision/decode.ts';
import { drawFaces } from '../../../src/vision/draw-faces.ts';
import { CROP_SIZE, faceCrop, mirrorCrop } from '../../../src/vision/face-crop.ts';
import { mergeOverlapping } from '../../../src/vision/merge-overlapping.ts';

const faceAt = (x: number, y: number, side: number, score: number): Face => ({
  box: { x, y, width: side, height: side },
  score,
  keyPoints: [
    { x: x + side * 0.3, y: y + side * 0.35 },
    { x: x + side * 0.7, y: y + side * 0.35 },
  ],
});

describe('anchors', () => {
  it('number 896 at 256 pixels, as the network was trained', () => {
    const count = anchorCentres(256, 256, 16, 2).length / 2 + anchorCentres(256, 256, 32, 6).length / 2;
    expect(count).toBe(896);
  });

  it.each(INPUT_SIZES)('lie inside an input of %i pixels, around its middle', (size) => {
    const centres = anchorCentres(size, size, 32, 6);
    expect(Math.min(...centres)).toBe(16);
    expect(Math.max(...centres)).toBe(size - 16);
    expect(centres.reduce((sum, value) => sum + value, 0) / centres.length).toBeCloseTo(size / 2, 3);
  });
});

describe('decoding', () => {
  const view = letterbox({ x: 80, y: 0, width: 480, height: 480 }, 160);
  const grid = (logit: number) => {
    const regressions = new Float32Array(32);
    regressions.set([2, -1, 40, 50, -10, -8, 10, -8], 16);
    return { logits: Float32Array.of(-9, logit), regressions, anchors: Float32Array.of(8, 8, 24, 40) };
  };

  it('puts a face where the window lies in the frame', () => {
    const [face, ...others] = decodeGrid(grid(3), view, 0.5);
    expect(others).toEqual([]);
    expect(face?.box).toEqual({ x: 80 + (26 - 20) * 3, y: (39 - 25) * 3, width: 120, height: 150 });
    expect(face?.score).toBeCloseTo(0.9526, 4);
    expect(face?.keyPoints).toHaveLength(6);
    expect(face?.keyPoints[0]).toEqual({ x: 80 + 14 * 3, y: 32 * 3 });
  });

  it('takes what reaches the threshold and nothing below', () => {
    expect(decodeGrid(grid(0.001), view, 0.5)).toHaveLength(1);
    expect(decodeGrid(grid(-0.001), view, 0.5)).toHaveLength(0);
  });
});

describe('merging', () => {
  it('makes one face of overlapping boxes: the mean by score, with the best score', () => {
    const [face, ...others] = mergeOverlapping([faceAt(100, 100, 80, 0.6), faceAt(110, 100, 80, 0.9)]);
    expect(others).toEqual([]);
    expect(face?.score).toBe(0.9);
    expect(face?.box.x).toBeCloseTo(106, 5);
    expect(face?.keyPoints[0]?.x).toBeCloseTo(130, 5);
  });

  it('keeps faces apart that do not overlap, best first', () => {
    const faces = [faceAt(0, 0, 50, 0.5), faceAt(200, 0, 50, 0.8), faceAt(100, 100, 50, 0.7)];
    expect(mergeOverlapping(faces).map((face) => face.score)).toEqual([0.8, 0.7, 0.5]);
  });

  it('never makes more faces, never leaves the hull of the boxes', () => {
    const face = fc
      .tuple(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 10, max: 99 }),
      )
      .map(([x, y, side]) => faceAt(x, y, side, 0.5 + side / 250));
    fc.assert(
      fc.property(fc.array(face, { maxLength: 20 }), (faces) => {
        const merged = mergeOverlapping(faces);
        expect(merged.length).toBeLessThanOrEqual(faces.length);
        expect(merged.length === 0).toBe(faces.length === 0);
        const least = Math.min(...faces.map(({ box }) => box.x));
        for (const { box } of merged) expect(box.x).toBeGreaterThanOrEqual(least - 1e-9);
      }),
    );
  });
});

describe('the crop of a face', () => {
  it('has level eyes and the face in its middle, however the head is tilted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.6, max: 0.6, noNaN: true }),
        fc.integer({ min: 20, max: 400 }),
        (roll, side) => {
          const centre = { x: 200, y: 150 };
          const eye = (direction: number) => ({
            x: centre.x + direction * 0.2 * side * Math.cos(roll) + 0.15 * side * Math.sin(roll),
            y: centre.y + direction * 0.2 * side * Math.sin(roll) - 0.15 * side * Math.cos(roll),
          });
          const box = { x: centre.x - side / 2, y: centre.y - side / 2, width: side, height: side };
          const crop = faceCrop({ box, score: 1, keyPoints: [eye(-1), eye(1)] });
          const inCrop = ({ x, y }: { x: number; y: number }) => {
            const [dx, dy, square] = [x - crop.originX, y - crop.originY, crop.stepX ** 2 + crop.stepY ** 2];
            return {
              x: (dx * crop.stepX + dy * crop.stepY) / square,
              y: (dy * crop.stepX - dx * crop.stepY) / square,
            };
          };
          expect(inCrop(centre).x).toBeCloseTo(CROP_SIZE / 2, 6);
          expect(inCrop(centre).y).toBeCloseTo(CROP_SIZE / 2, 6);
          expect(inCrop(eye(-1)).y).toBeCloseTo(inCrop(eye(1)).y, 6);
          expect(inCrop(eye(-1)).x).toBeLessThan(inCrop(eye(1)).x);
        },
      ),
    );
  });

  it('stays upright where the key points make no sense', () => {
    const face = {
      ...faceAt(0, 0, 100, 1),
      keyPoints: [
        { x: 50, y: 90 },
        { x: 50, y: 10 },
      ],
    };
    expect(faceCrop(face).stepY).toBe(0);
  });
});

describe('drawn faces', () => {
  const picture = { width: 60, height: 60, rgb: new Uint8Array(60 * 60 * 3) };
  const box = { x: 5, y: 5, width: 70, height: 40 };

  it('are outlines, cut off at the edge, on a copy', () => {
    const drawn = drawFaces(picture, [{ box, mask: 'worn' }]);
    const green = (x: number, y: number) => drawn[3 * (y * 60 + x) + 1] !== 0;
    expect([green(5, 5), green(59, 5), green(5, 44), green(40, 30), green(4, 4)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(picture.rgb.every((value) => value === 0)).toBe(true);
  });

  it('differ by mask state, in colour and in shape', () => {
    const states = ['worn', 'not-worn', 'unsure'] as const;
    const drawn = states.map((mask) => drawFaces(picture, [{ box, mask }]));
    const shapes = drawn.map((rgb) =>
      Array.from({ length: 3600 }, (_, at) => (rgb[3 * at] ?? 0) + (rgb[3 * at + 1] ?? 0) > 0).join(''),
    );
    expect(new Set(shapes).size).toBe(3);
    expect(new Set(drawn.map((rgb) => [...rgb.subarray(3 * 305, 3 * 306)].join())).size).toBe(3);
  });
});

describe('a mirrored crop', () => {
  it('has its columns the other way round, each with its colours, and is itself when mirrored twice', () => {
    const side = 4;
    const picture = Float32Array.from({ length: 3 * side * side }, (_, at) => at);
    const mirrored = picture.slice();
    mirrorCrop(mirrored, side);
    expect([...mirrored.subarray(0, 12)]).toEqual([9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2]);
    mirrorCrop(mirrored, side);
    expect(mirrored).toEqual(picture);
  });
});
