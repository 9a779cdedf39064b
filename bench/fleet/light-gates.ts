import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GateChannel, openGateChannel } from '../../src/io/mqtt/gate-channel.ts';
import type { Log } from '../../src/ports/log.ts';
import { aVisit } from '../../test/support/a-visit.ts';
import { anAlert } from '../../test/support/an-alert.ts';
import { openKeptAlerts } from '../../test/support/kept-alerts.ts';

/** A gate without sensors and vision: its records on disk and its way to the broker. */
export type LightGate = Readonly<{
  alerts: number;
  /** Tells one elevated visit; does not wait for it. */
  tell: () => void;
  waiting: () => number;
  close: () => Promise<void>;
}>;

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** @param told given every alert's id at the moment of its decision */
export async function aLightGate(
  folder: string,
  number: number,
  port: number,
  told: (id: string) => void,
): Promise<LightGate> {
  const directory = path.join(folder, String(number));
  const { outbox, folder: kept, close } = await openKeptAlerts(directory);
  const channel: GateChannel = await openGateChannel({
    url: `mqtt://127.0.0.1:${port}`,
    site: 'fleet',
    gate: `gate-${number}`,
    outbox,
    log: silent,
    acknowledgeWithinMs: 600_000,
  });
  channel.tellState({
    timeMs: Date.now(),
    timeTrusted: true,
    service: 'in-service',
    problem: null,
    records: 'ok',
    mutedUntilMs: null,
    openAlerts: 0,
  });
  let visit = 0;
  return {
    get alerts() {
      return visit;
    },
    tell: () => {
      visit++;
      const id = `fleet-gate-${number}-${visit}`;
      told(id);
      channel.publish({ ...anAlert(visit), id }).catch(() => undefined);
      kept.visits.append(aVisit(visit, 'elevated')).catch(() => undefined);
    },
    waiting: () => outbox.pending().length,
    close: async () => {
      await channel.close(0);
      await close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Has every gate tell a visit every `everyMs` for `durationMs`, each at its own moment. */
export async function tellVisits(
  gates: readonly LightGate[],
  everyMs: number,
  durationMs: number,
): Promise<void> {
  const end = performance.now() + durationMs;
  await Promise.all(
    gates.map(async (gate, index) => {
      await sleep((everyMs * index) / gates.length);
      while (performance.now() < end) {
        gate.tell();
        await sleep(everyMs);
      }
    }),
  );
}
