import { type Alert, alertId, type NumberedAlert } from '../../src/domain/alert.ts';
import type { Log } from '../../src/ports/log.ts';

/** What the ids of a test gate's alerts begin with. */
export const GATE_ID = 'main-gate-1';

/** The alert of `aVisit`, as a gate raises it. */
export function anAlert(visitNumber: number): Alert {
  const timeMs = Date.UTC(2026, 0, 5) + visitNumber * 2000;
  return {
    id: alertId(GATE_ID, visitNumber, timeMs),
    visitNumber,
    timeMs,
    timeTrusted: true,
    temperatureC: 36.71,
    uncertaintyC: 0.12,
    baselineC: 34.85,
    mask: 'worn',
  };
}

/** The same with its place among the alerts, as many as visits unless told. */
export function aNumberedAlert(visitNumber: number, sequence = visitNumber): NumberedAlert {
  return { ...anAlert(visitNumber), sequence };
}

/** A log that keeps its messages. */
export function aLog(): Log & Readonly<{ messages: string[] }> {
  const messages: string[] = [];
  const keep = (_fields: unknown, message: string): void => {
    messages.push(message);
  };
  return { messages, info: keep, warn: keep, error: keep };
}
