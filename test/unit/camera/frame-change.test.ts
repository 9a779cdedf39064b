import { expect, it } from 'vitest';
import { hasChanged, sketchOf } from '../../../src/camera/frame-change.ts';
import type { CameraFrame } from '../../../src/domain/camera-frame.ts';
import { seededRandom } from '../../../src/simulation/random.ts';

/** Grey with noise of the given standard deviation, and a bright square of `side` pixels. */
function noisy(seed: number, sd: number, side = 0): CameraFrame {
  const random = seededRandom(seed);
  const data = new Uint8Array((640 * 480 * 3) / 2).fill(128);
  for (let at = 0; at < 640 * 480; at++) {
    const inSquare = at % 640 < side && Math.floor(at / 640) < side;
    data[at] = (inSquare ? 170 : 110) + sd * random.normal();
  }
  return { atMs: 0, width: 640, height: 480, data };
}

it('takes noise for no change and somebody for one', () => {
  const empty = sketchOf(noisy(1, 4));
  expect(hasChanged(empty, sketchOf(noisy(2, 4)))).toBe(false);
  expect(hasChanged(empty, sketchOf(noisy(3, 4, 60)))).toBe(true);
  expect(hasChanged(sketchOf(noisy(3, 4, 60)), empty)).toBe(true);
});
