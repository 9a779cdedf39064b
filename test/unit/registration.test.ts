import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Face } from '../../src/domain/face.ts';
import {
  type Mount,
  pinholeOptics,
  thermalOptics,
  toThermalAxes,
  type Vector3,
} from '../../src/domain/optics.ts';
import { createRegistration } from '../../src/registration/registration.ts';

const camera = pinholeOptics(640, 480, 62.2);
const FACE_WIDTH_M = 0.15;
const straight: Mount = { offsetM: { x: 0.02, y: 0, z: 0 }, yawRad: 0, pitchRad: 0, rollRad: 0 };

/** A flat, upright face as the camera sees it. */
function faceAt(place: Vector3): Face {
  const at = (dx: number, dy: number) => camera.project({ ...place, x: place.x + dx, y: place.y + dy });
  const corner = at(-FACE_WIDTH_M / 2, -FACE_WIDTH_M / 2);
  const opposite = at(FACE_WIDTH_M / 2, FACE_WIDTH_M / 2);
  return {
    box: { ...corner, width: opposite.x - corner.x, height: opposite.y - corner.y },
    score: 1,
    keyPoints: [at(-0.032, -0.02), at(0.032, -0.02), at(0, 0.02)],
  };
}

const place = fc.record({
  x: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
  y: fc.double({ min: -0.08, max: 0.08, noNaN: true }),
  z: fc.double({ min: 0.4, max: 1.5, noNaN: true }),
});
const mount: fc.Arbitrary<Mount> = fc.record({
  offsetM: fc.record({
    x: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
    y: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
    z: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
  }),
  yawRad: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
  pitchRad: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
  rollRad: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
});

describe('optics', () => {
  test.each(['BAA', 'BAB'] as const)('a %s ray projects back onto its pixel', (lens) => {
    const optics = thermalOptics(lens);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 32, noNaN: true }),
        fc.double({ min: 0, max: 24, noNaN: true }),
        (x, y) => {
          const back = optics.project(optics.ray({ x, y }));
          expect(back.x).toBeCloseTo(x, 9);
          expect(back.y).toBeCloseTo(y, 9);
        },
      ),
    );
  });

  test('the edge of each lens lies at half its field of view', () => {
    expect(thermalOptics('BAA').project({ x: Math.tan((55 * Math.PI) / 180), y: 0, z: 1 }).x).toBeCloseTo(
      32,
      9,
    );
    expect(thermalOptics('BAB').project({ x: 0, y: Math.tan((17.5 * Math.PI) / 180), z: 1 }).y).toBeCloseTo(
      24,
      9,
    );
  });

  test('moving into the thermal axes keeps lengths', () => {
    fc.assert(
      fc.property(place, mount, (at, how) => {
        const moved = toThermalAxes(at, how);
        const offset = Math.hypot(at.x - how.offsetM.x, at.y - how.offsetM.y, at.z - how.offsetM.z);
        expect(Math.hypot(moved.x, moved.y, moved.z)).toBeCloseTo(offset, 9);
      }),
    );
  });
});

describe('registration', () => {
  test('tells the distance of a face from its width', () => {
    const registration = createRegistration({
      camera,
      thermal: thermalOptics('BAB'),
      mount: straight,
      faceBoxWidthM: FACE_WIDTH_M,
    });
    fc.assert(
      fc.property(place, (at) => {
        expect(registration.locate(faceAt(at))?.distanceM).toBeCloseTo(at.z, 6);
      }),
    );
  });

  test.each(['BAA', 'BAB'] as const)('puts the face where a %s array sees it, whatever the mount', (lens) => {
    const thermal = thermalOptics(lens);
    fc.assert(
      fc.property(place, mount, (at, how) => {
        const registration = createRegistration({ camera, thermal, mount: how, faceBoxWidthM: FACE_WIDTH_M });
        const face = registration.locate(faceAt(at))?.face;
        const half = FACE_WIDTH_M / 2;
        const corners = [-half, half].flatMap((x) =>
          [-half, half].map((y) => thermal.project(toThermalAxes({ ...at, x: at.x + x, y: at.y + y }, how))),
        );
        const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
        expect(face?.x).toBeCloseTo(Math.min(...xs), 6);
        expect(face?.y).toBeCloseTo(Math.min(...ys), 6);
        expect(face?.width).toBeCloseTo(Math.max(...xs) - Math.min(...xs), 6);
        expect(face?.height).toBeCloseTo(Math.max(...ys) - Math.min(...ys), 6);
      }),
      { numRuns: 1000 },
    );
  });

  test('a fixed shift would be wrong by a pixel between near and far: parallax is modelled', () => {
    const registration = createRegistration({
      camera,
      thermal: thermalOptics('BAB'),
      mount: { ...straight, offsetM: { x: 0.03, y: 0, z: 0 } },
      faceBoxWidthM: FACE_WIDTH_M,
    });
    const columnAt = (z: number): number => {
      const region = registration.locate(faceAt({ x: 0, y: 0, z }));
      return region === null ? Number.NaN : region.face.x + region.face.width / 2;
    };
    expect(Math.abs(columnAt(0.4) - columnAt(1.2))).toBeGreaterThan(1);
  });

  test('the upper face ends above the nose tip and says how much of it is in view', () => {
    const registration = createRegistration({
      camera,
      thermal: thermalOptics('BAB'),
      mount: straight,
      faceBoxWidthM: FACE_WIDTH_M,
    });
    const middle = registration.locate(faceAt({ x: 0, y: 0, z: 0.6 }));
    expect(middle?.inView).toBeCloseTo(1);
    expect((middle?.upperFace.y ?? 0) + (middle?.upperFace.height ?? 0)).toBeLessThan(
      (middle?.face.y ?? 0) + (middle?.face.height ?? 0) * 0.7,
    );
    expect(registration.locate(faceAt({ x: 0.35, y: 0, z: 0.6 }))?.inView).toBeLessThan(0.5);
  });

  test('an empty box has no place', () => {
    const registration = createRegistration({
      camera,
      thermal: thermalOptics('BAB'),
      mount: straight,
      faceBoxWidthM: FACE_WIDTH_M,
    });
    expect(
      registration.locate({ box: { x: 1, y: 1, width: 0, height: 0 }, score: 1, keyPoints: [] }),
    ).toBeNull();
  });
});
