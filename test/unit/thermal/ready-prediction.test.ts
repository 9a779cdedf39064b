import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReadyPrediction } from '../../../src/thermal/mlx90640/ready-prediction.ts';

const POLL_MS = 1;
/** A timer wakes up to so much late, ms. */
const LATE_MS = 1.2;

/** Polls a sensor of that period as the reader does; how late each subpage was found, ms. */
function lateness(nominalMs: number, trueMs: number, jitter: (index: number) => number): number[] {
  const prediction = createReadyPrediction(nominalMs);
  const late: number[] = [];
  let nowMs = 0;
  for (let index = 1; index <= 200; index++) {
    const readyMs = index * trueMs;
    nowMs = Math.max(nowMs, (prediction.nextMs ?? 0) - 1 + LATE_MS * jitter(index));
    let notYetMs: number | null = null;
    while (nowMs < readyMs) {
      notYetMs = nowMs;
      nowMs += POLL_MS + LATE_MS * jitter(index);
    }
    prediction.found(nowMs, notYetMs);
    late.push(nowMs - readyMs);
  }
  return late.slice(50);
}

test('follows a sensor whose clock is off, so that it is found soon after it is ready', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(31.25, 62.5, 125, 500),
      fc.double({ min: -0.08, max: 0.08, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
      (nominalMs, clockError, jitters) => {
        const late = lateness(nominalMs, nominalMs * (1 + clockError), (index) => jitters[index % 7] ?? 0);
        expect(Math.max(...late)).toBeLessThan(5);
      },
    ),
  );
});

test('a caller who comes late does not move it', () => {
  const prediction = createReadyPrediction(100);
  for (let index = 0; index < 10; index++) prediction.found(index * 100, index * 100 - 1);
  expect(Math.abs((prediction.nextMs ?? 0) - 1000)).toBeLessThan(1);
  for (const lateMs of [30, 70, 130, 290]) {
    prediction.found((prediction.nextMs ?? 0) + lateMs, null);
    const off = (prediction.nextMs ?? 0) % 100;
    expect(Math.min(off, 100 - off)).toBeLessThan(1);
  }
});

test('a sensor that has restarted is followed at once', () => {
  const prediction = createReadyPrediction(100);
  for (let index = 0; index < 10; index++) prediction.found(index * 100, index * 100 - 1);
  prediction.found(1046, 1045);
  expect(Math.abs((prediction.nextMs ?? 0) - 1145.5)).toBeLessThan(1);
});

test('knows nothing at first and after a restart', () => {
  const prediction = createReadyPrediction(100);
  expect(prediction.nextMs).toBeNull();
  prediction.found(50, null);
  expect(prediction.nextMs).toBe(150);
  prediction.restart();
  expect(prediction.nextMs).toBeNull();
});
