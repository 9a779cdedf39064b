import type { Alert, NumberedAlert } from '../../src/domain/alert.ts';
import type { Log } from '../../src/ports/log.ts';

/** An alert of a visit. */
export function anAlert(visitNumber: number): Alert {
  return {
    id: `main-gate-1-${visitNumber}-abc`,
    visitNumber,
    timeMs: Date.UTC(2026, 0, 5, 0, 0, visitNumber),
    timeTrusted: true,
    temperatureC: 36.714,
    uncertaintyC: 0.1249,
    baselineC: 34.855,
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
