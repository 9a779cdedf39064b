import { type Alert, alertId } from '../domain/alert.ts';
import type { StorageProfile } from '../domain/storage-profile.ts';
import type { Visit } from '../domain/visit.ts';
import type { DecidedVisit } from '../gate/types.ts';
import type { AlertChannel } from '../ports/alert-channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { VisitRecords } from '../ports/visit-records.ts';
import { hundredths } from '../records/stored-visit.ts';
import type { PhotoParts } from './visit-photos.ts';
import { createVisitRecorder } from './visit-recorder.ts';

/** Where a decided visit goes. */
export type VisitSinks = Readonly<{
  clock: Clock;
  store: Pick<VisitRecords, 'append' | 'state'>;
  /** Without it no photo is kept. */
  photos?: PhotoParts;
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
   * @param photo the visit's photo, as soon as it is sealed, if one is kept
   */
  carryOut(visit: DecidedVisit, sensor: string, photo?: Promise<Uint8Array> | null): Alert | null;
  /** Resolves when everything under way is stored and acknowledged, or has failed. */
  settled(): Promise<void>;
}

export function createVisitEffects(sinks: VisitSinks): VisitEffects {
  const recorder = createVisitRecorder(sinks);
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
    carryOut(decided, sensor, photo = null) {
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
      const { alerts } = sinks;
      if (decided.outcome !== 'elevated' || alerts === null) {
        watch('recording a visit', decided, recorder.record(visit, photo));
        return null;
      }
      const alert = alertOf(sinks.gateId, visit, sinks.store.state().profile);
      watch('publishing an alert', decided, alerts.publish(alert));
      // The alert is kept with its visit, in one write, and sent when it is.
      watch('recording a visit', decided, recorder.record(visit, photo));
      return alert;
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}

/** From this storage profile on a reading may leave the gate's memory, and so may be told. */
const READINGS_KEPT: StorageProfile = 2;

function alertOf(gateId: string, visit: Visit, profile: StorageProfile): Alert {
  const { number, timeTrusted } = visit;
  const timeMs = Math.round(visit.timeMs);
  const told = profile >= READINGS_KEPT;
  // To the digits that are kept, so that it says the same after a restart.
  return {
    id: alertId(gateId, number, timeMs),
    visitNumber: number,
    timeMs,
    timeTrusted,
    temperatureC: told ? hundredths(visit.reading.temperatureC) : null,
    uncertaintyC: told ? hundredths(visit.reading.uncertaintyC) : null,
    baselineC: told && visit.baselineC !== null ? hundredths(visit.baselineC) : null,
    mask: told ? visit.mask : null,
  };
}
