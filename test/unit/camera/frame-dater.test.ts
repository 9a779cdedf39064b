import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DatedPicture, FrameDater } from '../../../src/io/camera/frame-dater.ts';

function dater() {
  const delivered: DatedPicture[] = [];
  // A clock whose zero is the start of the machine's, so that a stamp's age can be told.
  const clock = { nowMs: () => Number(process.hrtime.bigint()) / 1e6 };
  const frames = new FrameDater(clock, (picture) => delivered.push(picture));
  return { delivered, clock, frames };
}

describe('pictures and their time stamps', () => {
  test('a stamp that follows its picture dates it', () => {
    const { delivered, clock, frames } = dater();
    const exposedAtMs = clock.nowMs() - 40;
    frames.picture(new Uint8Array([1]));
    expect(delivered).toEqual([]);
    frames.stamp(exposedAtMs * 1e6);
    expect(delivered[0]?.atMs).toBeCloseTo(exposedAtMs, 0);
  });

  test('a picture dated by its late arrival does not turn the order round', () => {
    const { delivered, clock, frames } = dater();
    frames.picture(new Uint8Array([1]));
    // Its stamp does not come before the next picture; that one's was exposed before the first arrived.
    frames.picture(new Uint8Array([2]));
    frames.stamp(null);
    frames.stamp((clock.nowMs() - 40) * 1e6);
    expect(delivered.map(({ data }) => data[0])).toEqual([1, 2]);
    expect(delivered[1]?.atMs).toBeGreaterThan(delivered[0]?.atMs ?? Number.NaN);
  });

  test('whatever comes when, pictures keep their order and their times rise', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -10, max: 1200 })), { maxLength: 40 }), (steps) => {
        const { delivered, clock, frames } = dater();
        let pictures = 0;
        for (const ageMs of steps)
          if (ageMs === null) frames.picture(new Uint8Array([pictures++]));
          else frames.stamp((clock.nowMs() - ageMs) * 1e6);
        frames.stop();
        expect(delivered.map(({ data }) => data[0])).toEqual(delivered.map((_, at) => at));
        for (const [at, { atMs }] of delivered.entries())
          expect(atMs).toBeGreaterThan(delivered[at - 1]?.atMs ?? Number.NEGATIVE_INFINITY);
      }),
    );
  });
});
