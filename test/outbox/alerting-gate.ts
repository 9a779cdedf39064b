import { setTimeout as sleep } from 'node:timers/promises';
import { createVisitEffects } from '../../src/app/visit-effects.ts';
import { configSchema } from '../../src/config/schema.ts';
import { openGateChannel } from '../../src/io/mqtt/gate-channel.ts';
import { openGateRecords } from '../../src/io/store/gate-records.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog, GATE_ID } from '../support/an-alert.ts';

/**
 * A gate without vision: decides elevated visits as fast as it is told to, keeps and tells them as the real one does,
 * until it is killed. Prints the number of each visit that is kept.
 * Usage: alerting-gate RECORDS URL PAUSE_MS|never; never: only what waits is told
 */
const [, , directory = '', url = '', pauseMs = ''] = process.argv;
const log = aLog();
const clock = {
  nowMs: () => performance.now(),
  wallTime: () => ({ unixMs: Date.now(), trusted: true }),
  sleep: async (ms: number) => void (await sleep(ms)),
};
const { records } = configSchema.parse({});
const audit = { append: () => Promise.resolve() };
const store = await openGateRecords({ directory, records, gateId: GATE_ID, clock, audit, log });
const alerts = await openGateChannel({
  url,
  site: 'main',
  gate: 'gate-1',
  outbox: store.outbox,
  log,
  reconnectMs: 50,
});
const effects = createVisitEffects({
  clock,
  alerts,
  log,
  gateId: GATE_ID,
  store: {
    state: () => store.state(),
    append: async (visit) => {
      await store.append(visit);
      // Not before: what is printed is what the gate has kept.
      process.stdout.write(`${visit.number}\n`);
    },
  },
});
if (pauseMs === 'never') {
  process.stdout.write('nothing\n');
  await sleep(2 ** 31 - 1);
}
for (let number = store.nextNumber; ; number++) {
  const { reading, mask, baselineC, limitC, sensor } = aVisit(number, 'elevated');
  effects.carryOut(
    {
      number,
      atMs: clock.nowMs(),
      outcome: 'elevated',
      mask,
      reading,
      baselineC,
      limitC,
      distanceM: 0.6,
      measuredMs: 900,
    },
    sensor,
  );
  await sleep(Number(pauseMs));
}
