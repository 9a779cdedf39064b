import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAsync } from 'mqtt';
import { openBalancer } from './balancer.ts';
import { oneMosquitto, rabbits } from './brokers.ts';
import { aLightGate, tellVisits } from './light-gates.ts';

/**
 * `npm run fleet:mosquitto`, `npm run fleet:rabbitmq`: a fleet of light gates against brokers of this machine; one node
 * of a cluster is killed in the middle. Prints figures as JSON; exits with 1 when an alert was lost.
 */
const { values } = parseArgs({
  options: {
    broker: { type: 'string', default: 'mosquitto' },
    nodes: { type: 'string', default: '3' },
    gates: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '60' },
    every: { type: 'string', default: '10' },
  },
});
const [count, seconds, everyS] = [Number(values.gates), Number(values.seconds), Number(values.every)];
const CONNECTED_WITHIN_MS = 300_000;
const DRAINED_WITHIN_MS = 120_000;
const CONNECTED_AT_ONCE = 20;

const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-fleet-'));
const brokers = await (values.broker === 'rabbitmq' ? rabbits(Number(values.nodes)) : oneMosquitto());
const balancer = await openBalancer(brokers.ports);
const decidedMs = new Map<string, number>();
const tookMs = new Map<string, number>();
const order = new Map<string, number>();
let doubles = 0;
let outOfOrder = 0;

// A session of its own: what comes while it is away waits in the broker.
const subscriber = await connectAsync(`mqtt://127.0.0.1:${balancer.port}`, {
  clientId: 'fleet-control',
  clean: false,
  protocolVersion: 4,
  reconnectPeriod: 200,
});
subscriber.on('error', () => undefined);
const online = new Set<string>();
subscriber.on('message', (topic, payload) => {
  if (topic.endsWith('/availability')) {
    online.add(topic);
    return;
  }
  const { id, gate, sequence } = JSON.parse(payload.toString()) as {
    id: string;
    gate: string;
    sequence: number;
  };
  if (tookMs.has(id)) {
    doubles++;
    return;
  }
  tookMs.set(id, performance.now() - (decidedMs.get(id) ?? Number.NaN));
  if (sequence !== (order.get(gate) ?? 0) + 1) outOfOrder++;
  order.set(gate, sequence);
});
await subscriber.subscribeAsync(['fevergate/+/+/alert', 'fevergate/+/+/availability'], { qos: 1 });

const before = await brokers.load();
const gates: Awaited<ReturnType<typeof aLightGate>>[] = [];
while (gates.length < count) {
  const batch = Array.from({ length: Math.min(CONNECTED_AT_ONCE, count - gates.length) }, (_, index) =>
    aLightGate(folder, gates.length + index + 1, balancer.port, (id) => decidedMs.set(id, performance.now())),
  );
  gates.push(...(await Promise.all(batch)));
  await sleep(200);
}
const connectedBy = performance.now() + CONNECTED_WITHIN_MS;
while (online.size < count && performance.now() < connectedBy) await sleep(100);
if (online.size < count) throw new Error(`only ${online.size} of ${count} gates connected`);
await sleep(3000);
const connected = await brokers.load();
const killing = sleep((seconds * 1000) / 2).then(() => brokers.killOne?.());
await tellVisits(gates, everyS * 1000, seconds * 1000);
await killing;
const end = performance.now() + DRAINED_WITHIN_MS;
while (tookMs.size < decidedMs.size && performance.now() < end) await sleep(100);
const after = await brokers.load();

const sorted = [...tookMs.values()].sort((one, other) => one - other);
const quantile = (share: number): number =>
  Math.round((sorted[Math.floor(share * sorted.length)] ?? Number.NaN) * 10) / 10;
const lost = decidedMs.size - tookMs.size;
process.stdout.write(
  `${JSON.stringify({
    broker: brokers.name,
    gates: count,
    alerts: decidedMs.size,
    lost,
    doubles,
    outOfOrder,
    killedOne: brokers.killOne !== null,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    longestMs: quantile(1 - 1e-9),
    brokerMemoryMB: Math.round(connected.memoryMB),
    memoryAConnectionKB: Math.round((1024 * (connected.memoryMB - before.memoryMB)) / count),
    brokerProcessorShare: Math.round((1000 * (after.processorS - connected.processorS)) / seconds) / 1000,
  })}\n`,
);
await Promise.all(gates.map((gate) => gate.close()));
await subscriber.endAsync(true);
await balancer.close();
await brokers.stop();
await rm(folder, { recursive: true, force: true });
process.exit(lost === 0 && outOfOrder === 0 ? 0 : 1);
