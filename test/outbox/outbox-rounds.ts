import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'mqtt';
import { alertPayloadSchema } from '../../src/alerts/payload.ts';
import { readAlerts } from '../../src/io/store/read-alerts.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { seededRandom } from '../../src/simulation/random.ts';
import { eventually, freePort, type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { openCuttingProxy } from './cutting-proxy.ts';

/** What is done to gate, network and broker. */
const HARMS = ['broker stopped', 'broker killed', 'broker lost its state', 'cut off', 'gate killed'] as const;
export type Harm = (typeof HARMS)[number];

export type RoundsOptions = Readonly<{ rounds: number; seed: number; onRound?: (round: number) => void }>;

export type RoundsReport = Readonly<{
  rounds: number;
  harms: Readonly<Record<Harm, number>>;
  /** Elevated visits that the gate has kept. */
  kept: number;
  /** Alerts as the subscriber got them, and how many of them were doubles. */
  heard: number;
  doubles: number;
  /** What should not be: empty when every visit's alert came once, in order. */
  wrong: readonly string[];
}>;

const TOPIC = 'fevergate/main/gate-1/alert';
/** A gate that has started has decided something by then, ms. */
const STARTED_WITHIN_MS = 30_000;
const DRAINED_WITHIN_MS = 60_000;
const PAUSE_MS = 20;
/** Longest that a round leaves things well, and broken, ms. */
const LONGEST_MS = 300;
/** A cut falls within so many bytes: some alerts. */
const CUT_WITHIN_BYTES = 1500;

/**
 * Has a gate tell elevated visits over and over while broker, network and gate fail, and sets what a subscriber got
 * against what the gate has kept.
 */
export async function failOverAndOver({ rounds, seed, onRound }: RoundsOptions): Promise<RoundsReport> {
  const { uniform: random } = seededRandom(seed);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-rounds-'));
  const records = path.join(folder, 'records');
  const state = path.join(folder, 'broker');
  await mkdir(state);
  const settings = ['allow_anonymous true', 'persistence true', `persistence_location ${state}/`];
  let broker: Mosquitto = await startMosquitto(await freePort(), settings);
  const { port } = broker;
  const proxy = await openCuttingProxy(port);
  const subscriber = listenTo(port);
  const harms = Object.fromEntries(HARMS.map((harm) => [harm, 0])) as Record<Harm, number>;
  let gate = await startGate(records, proxy.port);

  const harm: Readonly<Record<Harm, () => Promise<void>>> = {
    'broker stopped': async () => {
      await broker.stop('SIGTERM');
      await some();
      broker = await startMosquitto(port, settings);
    },
    'broker killed': async () => {
      await broker.stop('SIGKILL');
      await some();
      broker = await startMosquitto(port, settings);
    },
    'broker lost its state': async () => {
      await broker.stop('SIGKILL');
      await rm(state, { recursive: true, force: true });
      await mkdir(state);
      await some();
      broker = await startMosquitto(port, settings);
    },
    'cut off': async () => {
      proxy.cutAfter(1 + Math.floor(random() * CUT_WITHIN_BYTES));
      await some();
      proxy.mend();
    },
    'gate killed': async () => {
      await killed(gate);
      gate = await startGate(records, proxy.port);
    },
  };
  const some = async (): Promise<void> => void (await sleep(random() * LONGEST_MS));

  try {
    for (let round = 1; round <= rounds; round++) {
      const one = HARMS[Math.floor(random() * HARMS.length)] ?? 'cut off';
      const other = HARMS[Math.floor(random() * HARMS.length)] ?? 'cut off';
      harms[one]++;
      await some();
      // Every third round two things fail at once.
      if (round % 3 === 0 && one === 'gate killed' && other !== 'gate killed') {
        harms[other]++;
        await Promise.all([harm[one](), harm[other]()]);
      } else {
        await harm[one]();
      }
      onRound?.(round);
    }
    await killed(gate);
    // A last gate sends what is left; then nothing waits any more.
    gate = await startGate(records, proxy.port, 'silent');
    const visits = (await readVisits(records)).map(({ number }) => number);
    await eventually(() => visits.every((number) => subscriber.visits.has(number)), DRAINED_WITHIN_MS).catch(
      () => undefined,
    );
    await sleep(LONGEST_MS);
    await killed(gate);
    return { rounds, harms, ...(await judged(records, visits, subscriber.heard)) };
  } finally {
    await killed(gate);
    await subscriber.close();
    await proxy.close();
    await broker.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

type Heard = Readonly<{ id: string; visit: number; sequence: number }>;

async function judged(
  records: string,
  visits: readonly number[],
  heard: readonly Heard[],
): Promise<Omit<RoundsReport, 'rounds' | 'harms'>> {
  const once = [...new Map(heard.map((alert) => [alert.id, alert])).values()];
  const wrong: string[] = [];
  const told = new Set(once.map(({ visit }) => visit));
  const lost = visits.filter((number) => !told.has(number));
  if (lost.length > 0) wrong.push(`never told: visits ${lost.join(' ')}`);
  if (told.size !== once.length) wrong.push('a visit was told with two ids');
  once.forEach(({ visit, sequence }, index) => {
    if (sequence !== index + 1) wrong.push(`visit ${visit}: number ${sequence} came in place ${index + 1}`);
  });
  const { waiting } = await readAlerts(records);
  if (waiting.length > 0) wrong.push(`${waiting.length} alerts still wait`);
  return { kept: visits.length, heard: heard.length, doubles: heard.length - once.length, wrong };
}

/** Subscribes anew whenever the broker is back, as somebody who keeps no session. */
function listenTo(port: number) {
  const heard: Heard[] = [];
  const visits = new Set<number>();
  const client = connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 20 });
  client.on('connect', () => client.subscribe(TOPIC, { qos: 1 }, () => undefined));
  client.on('error', () => undefined);
  client.on('message', (_topic, payload) => {
    const { id, visit, sequence } = alertPayloadSchema.parse(JSON.parse(payload.toString()));
    heard.push({ id, visit, sequence });
    visits.add(visit);
  });
  return { heard, visits, close: () => client.endAsync(true) };
}

async function startGate(
  records: string,
  port: number,
  how: 'deciding' | 'silent' = 'deciding',
): Promise<ChildProcess> {
  const url = `mqtt://127.0.0.1:${port}`;
  const script = 'test/outbox/alerting-gate.ts';
  const pauseMs = how === 'silent' ? 'never' : String(PAUSE_MS);
  const child = spawn(process.execPath, ['--import', 'tsx', script, records, url, pauseMs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await eventually(() => said.includes('\n') || child.exitCode !== null, STARTED_WITHIN_MS);
  if (child.exitCode !== null) throw new Error(`the gate ended with ${child.exitCode}`);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
