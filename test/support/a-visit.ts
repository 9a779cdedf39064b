import type { Outcome, Visit } from '../../src/domain/visit.ts';

/** A decided visit. */
export function aVisit(number: number, outcome: Outcome = 'normal'): Visit {
  return {
    number,
    timeMs: Date.UTC(2026, 0, 5) + number * 2000,
    timeTrusted: true,
    outcome,
    mask: 'worn',
    reading: { temperatureC: 36.714, uncertaintyC: 0.1249 },
    baselineC: 34.855,
    limitC: 35.855,
    sensor: '4d4c58000001',
  };
}
