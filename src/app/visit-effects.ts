import type { Alert } from '../domain/alert.ts';
import type { Visit } from '../domain/visit.ts';
import type { DecidedVisit } from '../gate/types.ts';
import type { AlertChannel } from '../ports/alert-channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { VisitStore } from '../ports/visit-store.ts';

/** Where a decided visit goes. */
export type VisitSinks = Readonly<{
  clock: Clock;
  store: VisitStore;
  /** Null: no remote subscribers are configured. */
  alerts: AlertChannel | null;
  /** Begins every alert's id: `<site>-<gate>`. */
  gateId: string;
  log: Log;
}>;

/** Keeps and tells decided visits. */
export interface VisitEffects {
  /**
   * Returns at once; the alert it raised, if any. Failures are logged, and never keep light and sound from going on.
   * @param sensor serial number of the thermal sensor
   */
  carryOut(visit: DecidedVisit, sensor: string): Alert | null;
  /** Resolves when everything under way is stored and acknowledged, or has failed. */
  settled(): Promise<void>;
}

export function createVisitEffects(sinks: VisitSinks): VisitEffects {
  const underWay = new Set<Promise<void>>();
  const watch = (what: string, visit: DecidedVisit, work: Promise<void>): void => {
    const watched = work
      .catch((error: unknown) => {
        sinks.log.error({ visit: visit.number, error: String(error) }, `${what} failed`);
      })
      .finally(() => underWay.delete(watched));
    underWay.add(watched);
  };

  return {
    carryOut(decided, sensor) {
      const time = sinks.clock.wallTime();
      const visit: Visit = {
        number: decided.number,
        timeMs: time.unixMs,
        timeTrusted: time.trusted,
        outcome: decided.outcome,
        mask: decided.mask,
        reading: decided.reading,
        baselineC: decided.baselineC,
        limitC: decided.limitC,
        sensor,
      };
      watch('recording a visit', decided, sinks.store.append(visit));
      if (decided.outcome !== 'elevated' || sinks.alerts === null) return null;
      const alert: Alert = {
        id: `${sinks.gateId}-${decided.number}-${Math.round(time.unixMs).toString(36)}`,
        visitNumber: decided.number,
        timeMs: time.unixMs,
        timeTrusted: time.trusted,
        temperatureC: decided.reading.temperatureC,
        uncertaintyC: decided.reading.uncertaintyC,
        baselineC: decided.baselineC,
        mask: decided.mask,
      };
      watch('publishing an alert', decided, sinks.alerts.publish(alert));
      return alert;
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
