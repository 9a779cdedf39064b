import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectAsync } from 'mqtt';
import { createVisitEffects } from '../src/app/visit-effects.ts';
import { createSystemClock } from '../src/io/linux/system-clock.ts';
import { openGateChannel } from '../src/io/mqtt/gate-channel.ts';
import { aVisit } from '../test/support/a-visit.ts';
import { aLog } from '../test/support/an-alert.ts';
import { openKeptAlerts } from '../test/support/kept-alerts.ts';
import { eventually, freePort, startMosquitto } from '../test/support/mosquitto.ts';

/**
 * `npm run bench:alerts`: from decision to subscriber, draining the outbox after a day offline, what a connection costs.
 * Prints figures as JSON.
 */
const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '500' },
    waiting: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '100' },
  },
});
const [alertCount, waitingCount, connectionCount] = [
  Number(values.alerts),
  Number(values.waiting),
  Number(values.connections),
];
const DRAINED_WITHIN_MS = 600_000;
const GATE = { site: 'main', gate: 'gate-1', log: aLog() } as const;
const TOPIC = 'fevergate/main/gate-1/alert';

const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-bench-'));
const broker = await startMosquitto(await freePort());
const subscriber = await connectAsync(broker.url, { protocolVersion: 5 });
await subscriber.subscribeAsync(TOPIC, { qos: 1 });
const memoryMB = (): number => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
};
const tenths = (value: number): number => Math.round(value * 10) / 10;

async function latency() {
  const { outbox, folder: kept, close } = await openKeptAlerts(path.join(folder, 'latency'));
  const alerts = await openGateChannel({ ...GATE, url: broker.url, outbox });
  const effects = createVisitEffects({
    clock: createSystemClock(),
    alerts,
    log: GATE.log,
    gateId: 'main-gate-1',
    store: { append: (visit) => kept.visits.append(visit), state: () => ({ profile: 2, health: 'ok' }) },
  });
  const tookMs: number[] = [];
  for (let number = 1; number <= alertCount; number++) {
    const { reading, mask, baselineC, limitC, sensor } = aVisit(number, 'elevated');
    const arrived = new Promise<void>((resolve) => subscriber.once('message', () => resolve()));
    const startedMs = performance.now();
    const decided = { number, atMs: 0, outcome: 'elevated', mask, reading, baselineC, limitC } as const;
    effects.carryOut({ ...decided, distanceM: 0.6, measuredMs: 900 }, sensor);
    await arrived;
    // The first brings the connection.
    if (number > 1) tookMs.push(performance.now() - startedMs);
    await effects.settled();
  }
  await alerts.close(1000);
  await close();
  tookMs.sort((one, other) => one - other);
  const quantile = (share: number): number => tenths(tookMs[Math.floor(share * tookMs.length)] ?? Number.NaN);
  return { alerts: alertCount, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}

async function drain() {
  const directory = path.join(folder, 'drain');
  const filling = await openKeptAlerts(directory);
  await filling.raise(...Array.from({ length: waitingCount }, (_, index) => index + 1));
  await filling.close();
  const beforeMB = memoryMB();
  let heard = 0;
  subscriber.on('message', () => heard++);
  const startedMs = performance.now();
  const { outbox, close } = await openKeptAlerts(directory);
  const openedMs = performance.now();
  const alerts = await openGateChannel({ ...GATE, url: broker.url, outbox });
  const heldMB = memoryMB() - beforeMB;
  await eventually(() => outbox.pending().length === 0, DRAINED_WITHIN_MS);
  const tookS = (performance.now() - openedMs) / 1000;
  await eventually(() => heard >= waitingCount);
  await alerts.close(1000);
  await close();
  return {
    waiting: waitingCount,
    openedMs: tenths(openedMs - startedMs),
    drainedS: tenths(tookS),
    aSecond: Math.round(waitingCount / tookS),
    memoryMB: tenths(heldMB),
  };
}

async function connections() {
  const beforeMB = memoryMB();
  const startedMs = performance.now();
  const channels = await Promise.all(
    Array.from({ length: connectionCount }, (_, index) =>
      openGateChannel({ ...GATE, gate: `gate-${index + 2}`, url: broker.url }),
    ),
  );
  const up = new Set<string>();
  const watcher = await connectAsync(broker.url);
  watcher.on('message', (topic) => up.add(topic));
  await watcher.subscribeAsync('fevergate/main/+/availability', { qos: 1 });
  await eventually(() => up.size >= connectionCount, DRAINED_WITHIN_MS);
  const tookMs = performance.now() - startedMs;
  const figures = {
    connections: connectionCount,
    connectedInMs: tenths(tookMs),
    memoryEachKB: Math.round((1024 * (memoryMB() - beforeMB)) / connectionCount),
  };
  await Promise.all(channels.map((channel) => channel.close(1000)));
  await watcher.endAsync();
  return figures;
}

try {
  const figures = { latency: await latency(), drain: await drain(), connections: await connections() };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await subscriber.endAsync(true);
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
}
