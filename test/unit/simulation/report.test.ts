import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/domain/visit.ts';
import { type DecidedTruth, reportOf, type VisitorTruth } from '../../../src/simulation/report.ts';

const visitor = (number: number, fever: boolean, extra: Partial<VisitorTruth> = {}): VisitorTruth => ({
  number,
  trueTemperatureC: fever ? 37 : 35,
  fever,
  mask: 'worn',
  distanceM: 0.6,
  measurable: true,
  standsAtMs: number * 1000,
  ...extra,
});
const decision = (of: number | null, outcome: Outcome, extra: Partial<DecidedTruth> = {}): DecidedTruth => ({
  visitor: of,
  atMs: (of ?? 0) * 1000 + 700,
  outcome,
  readingC: 35.1,
  uncertaintyC: 0.1,
  maskDecided: 'worn',
  alertId: null,
  ...extra,
});

describe('simulation report', () => {
  test('counts what went wrong', () => {
    const { summary, visits } = reportOf(
      3,
      [visitor(1, false), visitor(2, false), visitor(3, true), visitor(4, true), visitor(5, false)],
      [
        decision(1, 'normal', { maskDecided: 'unsure' }),
        decision(2, 'elevated', { maskDecided: 'not-worn' }),
        decision(3, 'normal'),
        decision(4, 'elevated', { alertId: 'a', atMs: 3900 }),
        decision(4, 'elevated'),
        decision(null, 'normal'),
      ],
    );
    expect(summary).toMatchObject({
      visits: 4,
      lost: 1,
      unexpected: 2,
      wrongGreen: 1,
      falseAlerts: 1,
      sensitivity: 0.5,
      specificity: 0.5,
      maskUnsure: 1,
      decisionMsMedian: 700,
      decisionMsP95: 700,
    });
    expect(summary.maskRight).toBeCloseTo(2 / 3);
    expect(summary.biasC).toBeCloseTo((0.1 + 0.1 - 1.9 - 1.9) / 4);
    expect(visits).toHaveLength(5);
    expect(visits[3]).toMatchObject({ number: 4, alertId: 'a', decisionMs: 0 });
    expect(visits[4]).toMatchObject({ number: 5, outcome: null, readingC: null });
  });

  test('somebody who must not be measured counts only when measured', () => {
    const photo = visitor(1, false, { measurable: false });
    expect(reportOf(1, [photo], []).summary).toMatchObject({ visits: 0, lost: 0, unexpected: 0 });
    expect(reportOf(1, [photo], [decision(1, 'normal')]).summary).toMatchObject({ visits: 0, unexpected: 1 });
  });

  test('without visitors there are no shares', () => {
    expect(reportOf(1, [], []).summary).toMatchObject({
      sensitivity: null,
      specificity: null,
      biasC: null,
      sdC: null,
    });
  });
});
