import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeenFace } from '../../../src/domain/face.ts';
import { intersectionOverUnion } from '../../../src/domain/geometry.ts';
import { noTracks, type Tracking, trackFaces } from '../../../src/gate/tracks.ts';
import { seededRandom } from '../../../src/simulation/random.ts';
import { faceOf, someParams } from '../../support/gate-world.ts';

const params = someParams().tracking;

/** Somebody who walks across the gate's view at one distance; x in metres at a time in ms. */
type Walker = Readonly<{ distanceM: number; xAt: (atMs: number) => number }>;

/** What the detector makes of them: who is covered by somebody nearer is not found, boxes jitter by a share. */
function facesAt(walkers: readonly Walker[], atMs: number, jitter: () => number): (SeenFace | null)[] {
  const faces = walkers.map(({ distanceM, xAt }) => faceOf({ x: xAt(atMs), distanceM, faceC: 35 }));
  return faces.map((face) => {
    const covered = faces.some(
      (other) => other.box.width > face.box.width && intersectionOverUnion(other.box, face.box) > 0.15,
    );
    const { box } = face;
    const inView = box.x >= 0 && box.x + box.width <= 640;
    if (covered || !inView) return null;
    const moved = { ...box, x: box.x + jitter() * box.width, y: box.y + jitter() * box.width };
    return { ...face, box: moved };
  });
}

/** Follows the walkers; the track of each walker at every sighting. */
function follow(walkers: readonly Walker[], forMs: number, periodMs: number, seed: number) {
  const random = seededRandom(seed);
  const jitter = (): number => 0.015 * random.normal();
  let tracking: Tracking = noTracks;
  const idsOf = walkers.map(() => [] as number[]);
  for (let atMs = 0; atMs <= forMs; atMs += periodMs) {
    const seen = facesAt(walkers, atMs, jitter);
    tracking = trackFaces(
      tracking,
      seen.filter((face) => face !== null),
      atMs,
      params,
    );
    seen.forEach((face, index) => {
      const track = tracking.tracks.find((one) => one.face === face);
      if (track !== undefined) idsOf[index]?.push(track.id);
    });
  }
  return { idsOf, born: tracking.nextId - 1 };
}

const standing = (x: number, distanceM = 0.6): Walker => ({ distanceM, xAt: () => x });

describe('tracks', () => {
  test('two people who cross keep theirs, at any pace, however often one looks', () => {
    let hidden = 0;
    fc.assert(
      fc.property(
        fc.record({
          nearM: fc.double({ min: 0.5, max: 0.75, noNaN: true }),
          apartM: fc.double({ min: 0.3, max: 0.7, noNaN: true }),
          nearPace: fc.double({ min: 0.2, max: 1, noNaN: true }),
          farPace: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
          periodMs: fc.integer({ min: 40, max: 110 }),
          seed: fc.nat(),
        }),
        ({ nearM, apartM, nearPace, farPace, periodMs, seed }) => {
          const farM = nearM + apartM;
          const near = { distanceM: nearM, xAt: (atMs: number) => -0.35 * nearM + (nearPace * atMs) / 1000 };
          const far = { distanceM: farM, xAt: (atMs: number) => 0.35 * farM - (farPace * atMs) / 1000 };
          const { idsOf, born } = follow([near, far], 4000, periodMs, seed);
          for (const ids of idsOf) expect(new Set(ids).size).toBe(1);
          expect(born).toBe(2);
          if ((idsOf[0]?.length ?? 0) > (idsOf[1]?.length ?? 0)) hidden++;
        },
      ),
      { numRuns: 300 },
    );
    expect(hidden, 'somebody has to be hidden for a while').toBeGreaterThan(0);
  });

  test('a second behind somebody or something loses nobody who stands', () => {
    fc.assert(
      fc.property(
        fc.record({
          x: fc.double({ min: -0.15, max: 0.15, noNaN: true }),
          periodMs: fc.integer({ min: 30, max: 400 }),
          hiddenFromMs: fc.integer({ min: 900, max: 1500 }),
          seed: fc.nat(),
        }),
        ({ x, periodMs, hiddenFromMs, seed }) => {
          const random = seededRandom(seed);
          let tracking: Tracking = noTracks;
          for (let atMs = 0; atMs < 4000; atMs += periodMs) {
            const face = faceOf({ x: x + 0.003 * random.normal(), distanceM: 0.6, faceC: 35 });
            const hidden = atMs >= hiddenFromMs && atMs < hiddenFromMs + 1000;
            tracking = trackFaces(tracking, hidden ? [] : [face], atMs, params);
          }
          expect(tracking.nextId).toBe(2);
          expect(tracking.tracks).toHaveLength(1);
        },
      ),
    );
  });

  test('a second behind somebody loses nobody who walks on at an even pace', () => {
    const walker = { distanceM: 0.9, xAt: (atMs: number) => -0.4 + 0.2 * (atMs / 1000) };
    let tracking: Tracking = noTracks;
    for (let atMs = 0; atMs < 3500; atMs += 100) {
      const hidden = atMs >= 1200 && atMs < 2200;
      const face = faceOf({ x: walker.xAt(atMs), distanceM: 0.9, faceC: 35 });
      tracking = trackFaces(tracking, hidden ? [] : [face], atMs, params);
    }
    expect(tracking.nextId).toBe(2);
  });

  test('somebody who stays away longer comes back as another', () => {
    let tracking = trackFaces(noTracks, [faceOf({ x: 0, distanceM: 0.6, faceC: 35 })], 0, params);
    tracking = trackFaces(tracking, [], params.forgetAfterMs + 1, params);
    expect(tracking.tracks).toEqual([]);
    tracking = trackFaces(tracking, [faceOf({ x: 0, distanceM: 0.6, faceC: 35 })], 3000, params);
    expect(tracking.tracks.map(({ id }) => id)).toEqual([2]);
  });

  test('people side by side are never taken for each other', () => {
    const { idsOf, born } = follow([standing(-0.12), standing(0.12), standing(0.38, 1.1)], 3000, 70, 3);
    expect(idsOf.map((ids) => new Set(ids).size)).toEqual([1, 1, 1]);
    expect(born).toBe(3);
  });

  test('what a face looks like is no part of it', () => {
    const walker = standing(0);
    const seen = (atMs: number, maskProbability: number): SeenFace => ({
      ...faceOf({ x: walker.xAt(atMs), distanceM: 0.6, faceC: 35 }),
      maskProbability,
      score: maskProbability,
    });
    const follows = (chance: (atMs: number) => number): readonly number[] => {
      let tracking = noTracks;
      for (let atMs = 0; atMs < 900; atMs += 100)
        tracking = trackFaces(tracking, [seen(atMs, chance(atMs))], atMs, params);
      return tracking.tracks.map(({ id }) => id);
    };
    expect(follows(() => 0.5)).toEqual(follows((atMs) => (atMs % 200 === 0 ? 0.99 : 0.01)));
  });
});
