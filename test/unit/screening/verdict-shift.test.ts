import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../../src/domain/visit.ts';
import { verdictShiftC } from '../../../src/screening/verdict-shift.ts';

const LIMIT_C = 0.8;
const of = (confirmed: boolean, count: number, aboveNormalC: number): CheckVerdict[] =>
  Array.from({ length: count }, () => ({ aboveNormalC, confirmed }));
const verdict = fc.record({
  aboveNormalC: fc.double({ min: 0, max: 4, noNaN: true }),
  confirmed: fc.boolean(),
});

describe('what guards found moves the limit', () => {
  test('up when those just above it are cleared, but not past a fever', () => {
    expect(verdictShiftC(of(false, 30, 0.88), LIMIT_C)).toBeCloseTo(0.1, 6);
    const fevers = of(true, 12, 0.86);
    expect(verdictShiftC([...of(false, 30, 0.88), ...fevers], LIMIT_C)).toBe(0);
    expect(verdictShiftC([...of(false, 30, 0.88), ...of(true, 30, 2)], LIMIT_C)).toBeCloseTo(0.1, 6);
  });

  test('down when those rechecked below it are confirmed', () => {
    expect(verdictShiftC([...of(true, 8, 0.72), ...of(true, 15, 1.5)], LIMIT_C)).toBeCloseTo(-0.1, 6);
  });

  test('not at all by fewer than twenty verdicts, or by a single one among many', () => {
    expect(verdictShiftC(of(false, 19, 0.82), LIMIT_C)).toBe(0);
    expect(verdictShiftC([...of(true, 40, 1.6), ...of(true, 1, 0.78)], LIMIT_C)).toBe(0);
    expect(verdictShiftC([...of(true, 40, 1.6), ...of(false, 1, 0.82)], LIMIT_C)).toBe(0);
  });

  test('never by more than 0.3 degC, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(verdict, { maxLength: 60 }), (verdicts) => {
        const shiftC = verdictShiftC(verdicts, LIMIT_C);
        expect(Math.abs(shiftC)).toBeLessThanOrEqual(0.3 + 1e-9);
        expect(verdictShiftC(verdicts.toReversed(), LIMIT_C)).toBe(shiftC);
      }),
    );
  });
});
