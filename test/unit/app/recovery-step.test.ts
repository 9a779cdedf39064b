import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recoveryStep } from '../../../src/app/recovery-step.ts';

test('patience first, then the bus, then the supply, over and over', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(recoveryStep)).toEqual([
    'wait',
    'clear-bus',
    'cycle-power',
    'wait',
    'wait',
    'clear-bus',
    'cycle-power',
    'wait',
  ]);
});

test('within any five failures in a row everything is tried', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (from) => {
      const steps = [0, 1, 2, 3, 4].map((later) => recoveryStep(from + later));
      expect(new Set(steps).size).toBe(3);
    }),
  );
});
