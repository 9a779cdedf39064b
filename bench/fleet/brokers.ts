import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, listening } from '../../test/support/mosquitto.ts';

/** Brokers on this machine that stand for one. */
export type Brokers = Readonly<{
  name: string;
  /** MQTT port of each node. */
  ports: readonly number[];
  /** Kills a node as a power cut would; null where there is only one. */
  killOne: (() => void) | null;
  load: () => Promise<BrokerLoad>;
  stop: () => Promise<void>;
}>;

/** Of all nodes together. */
export type BrokerLoad = Readonly<{ processorS: number; memoryMB: number }>;

const run = promisify(execFile);
const CLOCK_TICKS_A_SECOND = 100;
const RABBITMQ_BIN = '/usr/lib/rabbitmq/bin';
const STARTED_WITHIN_MS = 300_000;
const ENV = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

/** One mosquitto. */
export async function oneMosquitto(): Promise<Brokers> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fleet-mosquitto-'));
  const port = await freePort();
  const file = path.join(folder, 'mosquitto.conf');
  await writeFile(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nuser ${os.userInfo().username}\n`);
  const child = spawn('mosquitto', ['-c', file], { env: ENV, stdio: 'ignore' });
  await listening(port);
  return {
    name: 'mosquitto',
    ports: [port],
    killOne: null,
    load: loadOf([child.pid]),
    stop: async () => {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** RabbitMQ nodes with the MQTT plugin, every subscription's queue mirrored on all. */
export async function rabbits(nodeCount: number): Promise<Brokers> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fleet-rabbitmq-'));
  const epmdPort = await freePort();
  const nodes = await Promise.all(
    Array.from({ length: nodeCount }, (_, index) => aNode(folder, index + 1, epmdPort)),
  );
  const children: ChildProcess[] = [];
  for (const [index, node] of nodes.entries()) {
    // Only those already there: the first would wait for the others.
    const peers = nodes
      .slice(0, index + 1)
      .map(({ name }, peer) => `cluster_formation.classic_config.nodes.${peer + 1} = ${name}`);
    await writeFile(node.config, [...node.settings, ...peers, ''].join('\n'));
    children.push(spawn(`${RABBITMQ_BIN}/rabbitmq-server`, [], { env: node.env, stdio: 'ignore' }));
    await listening(node.mqttPort, STARTED_WITHIN_MS);
  }
  const [first] = nodes;
  if (first === undefined) throw new Error('no node');
  const policy = '{"ha-mode":"all","ha-sync-mode":"automatic"}';
  const ctl = (...args: string[]) =>
    run(`${RABBITMQ_BIN}/rabbitmqctl`, ['-n', first.name, ...args], { env: first.env });
  await ctl('set_policy', 'mirrored', '^mqtt-subscription-', policy);
  const { stdout } = await ctl('cluster_status', '--formatter', 'json');
  const { running_nodes: running } = JSON.parse(stdout) as { running_nodes: string[] };
  if (running.length !== nodes.length) throw new Error(`only ${running.join(', ')} form the cluster`);
  const pids = await Promise.all(nodes.map(async ({ pidFile }) => Number(await readFile(pidFile, 'utf8'))));
  const second = pids[1];
  return {
    name: `rabbitmq, nodes: ${nodeCount}`,
    ports: nodes.map(({ mqttPort }) => mqttPort),
    // Not the first, which was asked for its policy.
    killOne: second === undefined ? null : () => void process.kill(second, 'SIGKILL'),
    load: loadOf(pids),
    stop: async () => {
      await Promise.all(children.map(ended));
      await run('epmd', ['-port', String(epmdPort), '-kill']).catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function aNode(folder: string, number: number, epmdPort: number) {
  const home = path.join(folder, `node-${number}`);
  await mkdir(home, { mode: 0o700 });
  await writeFile(path.join(home, '.erlang.cookie'), 'fleet', { mode: 0o400 });
  await writeFile(path.join(home, 'plugins'), '[rabbitmq_mqtt].\n');
  const name = `fleet${number}@localhost`;
  const [amqpPort, distPort, mqttPort] = [await freePort(), await freePort(), await freePort()];
  const config = path.join(home, 'rabbitmq.conf');
  const pidFile = path.join(home, 'pid');
  return {
    name,
    mqttPort,
    config,
    pidFile,
    settings: [
      `listeners.tcp.default = 127.0.0.1:${amqpPort}`,
      `mqtt.listeners.tcp.default = 127.0.0.1:${mqttPort}`,
      'mqtt.allow_anonymous = true',
      'mqtt.default_user = guest',
      'mqtt.default_pass = guest',
      'cluster_formation.peer_discovery_backend = classic_config',
    ],
    env: {
      ...ENV,
      HOME: home,
      ERL_EPMD_PORT: String(epmdPort),
      RABBITMQ_NODENAME: name,
      RABBITMQ_DIST_PORT: String(distPort),
      RABBITMQ_CONFIG_FILE: config,
      RABBITMQ_ENABLED_PLUGINS_FILE: path.join(home, 'plugins'),
      RABBITMQ_MNESIA_BASE: path.join(home, 'data'),
      RABBITMQ_LOG_BASE: path.join(home, 'log'),
      RABBITMQ_PID_FILE: pidFile,
      // Three nodes share this machine's cores.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
    },
  };
}

/** Processor time and resident memory by /proc; of a process that has gone, the time it had when last asked. */
function loadOf(pids: readonly (number | undefined)[]): () => Promise<BrokerLoad> {
  const ticks = new Map<number | undefined, number>();
  return async () => {
    let memoryMB = 0;
    for (const pid of pids) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
      if (stat === null) continue;
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
      ticks.set(pid, user + system);
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      memoryMB += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    }
    const all = [...ticks.values()].reduce((sum, one) => sum + one, 0);
    return { processorS: all / CLOCK_TICKS_A_SECOND, memoryMB };
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
