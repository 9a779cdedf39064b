import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Face } from '../../../src/domain/face.ts';
import type { Point } from '../../../src/domain/geometry.ts';
import { seededRandom } from '../../../src/simulation/random.ts';
import { randomComposition } from '../../../src/training/staging/compose.ts';
import { type Cover, drawCover } from '../../../src/training/staging/drawn-cover.ts';
import { type FaceAxes, faceAxes, toFace, toPicture } from '../../../src/training/staging/face-axes.ts';
import { isDonor, layMask, lowPlace, WORN_PLACE } from '../../../src/training/staging/mask-patch.ts';
import { type FacePicture, movedFace } from '../../../src/training/staging/picture.ts';
import { relight } from '../../../src/training/staging/relight.ts';
import { narrower } from '../../../src/training/staging/stage-photo.ts';

const SIDE = 200;
/** A face seen from the front, eyes at a quarter of the box, nose and mouth below. */
const face: Face = {
  box: { x: 50, y: 45, width: 100, height: 100 },
  score: 0.9,
  keyPoints: [
    { x: 80, y: 70 },
    { x: 120, y: 70 },
    { x: 100, y: 92 },
    { x: 100, y: 112 },
    { x: 55, y: 80 },
    { x: 145, y: 80 },
  ],
};

function pictureOf(level: number): FacePicture {
  return { width: SIDE, height: SIDE, rgb: new Uint8Array(SIDE * SIDE * 3).fill(level), face };
}

function axesOf(picture: FacePicture): FaceAxes {
  const axes = faceAxes(picture.face);
  if (axes === null) throw new Error('no axes');
  return axes;
}

function levelAt({ rgb }: FacePicture, { x, y }: Point): number {
  return rgb[3 * (Math.floor(y) * SIDE + Math.floor(x))] ?? Number.NaN;
}

const [rightEye, leftEye, nose, mouth] = face.keyPoints as [Point, Point, Point, Point];

describe("a face's axes", () => {
  test('lead back to the picture', () => {
    const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
    const axes = fc.record({
      origin: fc.record({ x: coordinate, y: coordinate }),
      unit: fc.double({ min: 20, max: 300, noNaN: true }),
      rollRad: fc.double({ min: -1, max: 1, noNaN: true }),
      noseY: fc.constant(0.2),
      mouthY: fc.constant(0.4),
    });
    fc.assert(
      fc.property(axes, coordinate, coordinate, (some, x, y) => {
        const back = toPicture(some, toFace(some, { x, y }));
        expect(back.x).toBeCloseTo(x, 6);
        expect(back.y).toBeCloseTo(y, 6);
      }),
    );
  });

  test('there are none of a face in profile, or with key points that cannot be right', () => {
    const withPoint = (at: number, point: Point): Face => ({
      ...face,
      keyPoints: face.keyPoints.map((old, index) => (index === at ? point : old)),
    });
    expect(faceAxes(face)).toMatchObject({ unit: 100, noseY: 0.22, mouthY: 0.42 });
    expect(faceAxes(withPoint(1, { x: 95, y: 70 }))).toBeNull();
    expect(faceAxes(withPoint(2, { x: 100, y: 60 }))).toBeNull();
    expect(faceAxes(withPoint(3, { x: 100, y: 80 }))).toBeNull();
    expect(faceAxes({ ...face, keyPoints: [] })).toBeNull();
  });

  test('a picture turned over twice has its face where it was', () => {
    const once = movedFace(face, 1, 1, SIDE);
    expect(once.keyPoints[0]?.x).toBe(SIDE - leftEye.x);
    expect(movedFace(once, 1, 1, SIDE)).toEqual(face);
    expect(movedFace(face, 2, 0.5, null).box).toEqual({ x: 100, y: 22.5, width: 200, height: 50 });
  });
});

describe('a mask laid on a face', () => {
  const laid = (place: typeof WORN_PLACE): FacePicture => {
    const picture = pictureOf(50);
    layMask(picture, pictureOf(200), place);
    return picture;
  };

  test('as it should be worn covers nose and mouth, and leaves the eyes', () => {
    const worn = laid(WORN_PLACE);
    expect([nose, mouth].map((point) => levelAt(worn, point))).toEqual([200, 200]);
    expect([rightEye, leftEye].map((point) => levelAt(worn, point))).toEqual([50, 50]);
  });

  test('under the nose or under the lip leaves what it is named after bare', () => {
    const random = seededRandom(1);
    const axes = axesOf(pictureOf(0));
    const underNose = laid(lowPlace(axes, 'nose', random));
    expect([nose, mouth].map((point) => levelAt(underNose, point))).toEqual([50, 200]);
    const underLip = laid(lowPlace(axes, 'lip', random));
    expect([nose, mouth].map((point) => levelAt(underLip, point))).toEqual([50, 50]);
    expect(levelAt(underLip, { x: 100, y: 132 })).toBe(200);
  });

  test('is cut only from a picture that shows all of it', () => {
    expect(isDonor(pictureOf(0))).toBe(true);
    expect(isDonor({ ...pictureOf(0), height: 120 })).toBe(false);
  });
});

describe('what is drawn over a face', () => {
  test.each([
    ['thing', mouth],
    ['high-scarf', mouth],
    ['beard', { x: 100, y: 130 }],
    ['low-scarf', { x: 100, y: 195 }],
  ] as const)('a %s changes its place and leaves the eyes', async (cover: Cover, place) => {
    for (let seed = 1; seed <= 5; seed++) {
      const drawn = await drawCover(pictureOf(150), cover, seededRandom(seed));
      expect(levelAt(drawn, place)).not.toBe(150);
      expect([rightEye, leftEye].map((point) => levelAt(drawn, point))).toEqual([150, 150]);
      expect(drawn.rgb).toHaveLength(SIDE * SIDE * 3);
    }
  });

  test.each(['hand', 'fingers'] as const)('%s cover a part of nose and mouth', async (cover) => {
    const drawn = await drawCover(pictureOf(150), cover, seededRandom(3));
    const below = Array.from({ length: 60 }, (_, at) => levelAt(drawn, { x: 70 + at, y: 102 }));
    expect(below.filter((level) => level !== 150).length).toBeGreaterThan(10);
  });

  test('every composition comes about, most photos stay as they are or nearly so', () => {
    const random = seededRandom(2);
    const some = Array.from({ length: 4000 }, () => randomComposition(false, random));
    expect(new Set(some).size).toBe(10);
    const masked = Array.from({ length: 4000 }, () => randomComposition(true, random));
    expect(masked.filter((one) => one === 'none').length / 4000).toBeGreaterThan(0.8);
    expect(masked.some((one) => one.startsWith('mask-'))).toBe(false);
  });
});

test('two photos put beside each other show no more than the lesser of each edge, whichever is first', () => {
  const side = fc.double({ min: 0.1, max: 3, noNaN: true });
  const margins = fc.record({ left: side, right: side, top: side, bottom: side });
  fc.assert(
    fc.property(margins, margins, (a, b) => {
      const shown = narrower(a, b);
      expect(narrower(b, a)).toEqual(shown);
      for (const edge of ['left', 'right', 'top', 'bottom'] as const)
        expect(shown[edge]).toBe(Math.min(a[edge], b[edge]));
    }),
  );
});

test('other light keeps the size of a frame, and differs from one time to the next', () => {
  const frame = { atMs: 0, width: 16, height: 16, data: new Uint8Array(384).fill(120) };
  const [one, other] = [relight(frame, seededRandom(1)), relight(frame, seededRandom(2))];
  expect(one.data).toHaveLength(384);
  expect(one.data).not.toEqual(other.data);
  expect(relight(frame, seededRandom(1))).toEqual(one);
});
