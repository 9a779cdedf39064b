import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mount } from '../../../src/domain/optics.ts';
import type { FacePair } from '../../../src/registration/solve-mount.ts';
import {
  CORRECTION_AT_MOST_PX,
  keepUp,
  mountKeptUp,
  noVisitsYet,
  type Upkeep,
} from '../../../src/registration/upkeep.ts';
import { errorOnNewFaces, noNoise, realNoise, toldPairs, viewOf } from '../../support/calibration-walk.ts';

const base: Mount = { offsetM: { x: 0.02, y: 0, z: 0 }, yawRad: 0.02, pitchRad: -0.01, rollRad: 0 };
const view = viewOf('BAB', base);
const RAD_PER_PX = (55 * Math.PI) / 180 / 32;

/** Visitors, `aDay` each day, before an array that sits at `truth`. */
function visitors(truth: Mount, count: number, aDay: number, start: Upkeep = noVisitsYet, seed = 1): Upkeep {
  return toldPairs('BAB', truth, base, { ...realNoise, headSizes: 0 }, seed, count).reduce(
    (upkeep, pair, index) => keepUp(upkeep, pair, base, view, 20_000 + Math.floor(index / aDay)),
    start,
  );
}

describe('daily visitors', () => {
  test('change nothing while the mount is where it was', () => {
    const upkeep = visitors(base, 400, 40);
    expect(Math.hypot(upkeep.correction.across, upkeep.correction.down)).toBeLessThan(0.2);
    expect(upkeep.movedOnDay).toBeNull();
  });

  test('make good a small turn, slowly', () => {
    const truth = { ...base, yawRad: base.yawRad + 0.4 * RAD_PER_PX };
    const day = visitors(truth, 100, 1000);
    expect(Math.abs(day.correction.across)).toBeLessThanOrEqual(0.1 + 1e-9);
    const later = visitors(truth, 600, 50);
    const before = errorOnNewFaces('BAB', truth, base, noNoise, 3).rmsPx;
    const after = errorOnNewFaces('BAB', truth, mountKeptUp(base, later, view), noNoise, 3).rmsPx;
    expect(before).toBeGreaterThan(0.35);
    expect(after).toBeLessThan(before / 2);
    expect(later.movedOnDay).toBeNull();
  });

  test('tell when the mount has moved, and that it is back', () => {
    const moved = visitors({ ...base, pitchRad: base.pitchRad - 2 * RAD_PER_PX }, 300, 50);
    expect(moved.movedOnDay).not.toBeNull();
    const back = visitors(base, 600, 50, moved, 2);
    expect(back.movedOnDay).toBeNull();
  });

  test('never correct more than the bound, nor faster than its rate, whatever they show', () => {
    const head = fc.record({
      across: fc.double({ min: -6, max: 6, noNaN: true }),
      down: fc.double({ min: -6, max: 6, noNaN: true }),
      crown: fc.boolean(),
      day: fc.integer({ min: 19_990, max: 20_040 }),
    });
    const [sample] = toldPairs('BAB', base, base, noNoise, 9, 1);
    fc.assert(
      fc.property(fc.array(head, { minLength: 60, maxLength: 120 }), (heads) => {
        if (sample === undefined) throw new Error('no pair');
        const startOfDay = new Map<number, Upkeep>();
        let upkeep = noVisitsYet;
        for (const { across, down, crown, day } of heads) {
          const { left, right, top } = sample.head;
          const pair: FacePair = {
            face: sample.face,
            head: { left: left + across, right: right + across, top: crown ? (top ?? 8) + down : null },
          };
          const before = upkeep;
          upkeep = keepUp(before, pair, base, view, day);
          if (upkeep.day !== before.day) startOfDay.set(upkeep.day, before);
          const from = startOfDay.get(upkeep.day)?.correction ?? noVisitsYet.correction;
          for (const way of ['across', 'down'] as const) {
            expect(Math.abs(upkeep.correction[way])).toBeLessThanOrEqual(CORRECTION_AT_MOST_PX);
            expect(Math.abs(upkeep.correction[way] - from[way])).toBeLessThanOrEqual(0.1 + 1e-9);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a corrected mount puts heads where they were seen', () => {
    const shifted = { ...noVisitsYet, correction: { across: 0.4, down: -0.3 } };
    const corrected = mountKeptUp(base, shifted, view);
    const pairs = toldPairs('BAB', corrected, base, noNoise, 4, 60);
    const learnt = pairs.reduce((upkeep, pair) => keepUp(upkeep, pair, base, view, 1), noVisitsYet);
    expect(learnt.shift.across).toBeCloseTo(0.4, 1);
    expect(learnt.shift.down).toBeCloseTo(-0.3, 1);
  });
});
