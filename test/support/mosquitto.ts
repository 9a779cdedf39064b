import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BROKER = 'mosquitto';
const SUBSCRIBER = 'mosquitto_sub';
/** Line-buffers its output when it is not a terminal. */
const LINE_BUFFERED = ['stdbuf', '-oL'] as const;
const ENV = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

/** Whether mosquitto and its clients are here. In CI they must be. */
export function mosquittoIsHere(): boolean {
  const here = [BROKER, SUBSCRIBER].every(
    (name) => spawnSync(name, ['-h'], { env: ENV }).error === undefined,
  );
  if (!here && process.env['CI'])
    throw new Error('mosquitto and mosquitto_sub are missing: apt-get install mosquitto mosquitto-clients');
  return here;
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

export type Mosquitto = Readonly<{
  port: number;
  url: string;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}>;

/** Starts mosquitto on a port of the loopback; resolves when it listens. */
export async function startMosquitto(
  port: number,
  settings: readonly string[] = ['allow_anonymous true'],
): Promise<Mosquitto> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mosquitto-'));
  const file = path.join(folder, 'mosquitto.conf');
  await writeFile(
    file,
    [`listener ${port} 127.0.0.1`, `user ${os.userInfo().username}`, ...settings, ''].join('\n'),
  );
  const broker = spawn(BROKER, ['-c', file], { env: ENV, stdio: 'ignore' });
  await listening(port);
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    stop: async (signal = 'SIGTERM') => {
      await ended(broker, signal);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when somebody listens at a port of this machine. */
export async function listening(port: number, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nobody listens at ${port}`);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

type Heard = Readonly<{ topic: string; payload: string; retained: boolean }>;
export type Subscriber = Readonly<{
  heard: Heard[];
  until: (count: number) => Promise<void>;
  stop: () => Promise<void>;
}>;

/** A real mosquitto_sub on all topics of fevergate. */
export async function subscribe(port: number, options: readonly string[] = []): Promise<Subscriber> {
  const args = [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-q',
    '1',
    '-t',
    'fevergate/#',
    '-d',
    '-F',
    '%r %t %p',
    ...options,
  ];
  const child = spawn(LINE_BUFFERED[0], [LINE_BUFFERED[1], SUBSCRIBER, ...args], {
    env: ENV,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const heard: Heard[] = [];
  let subscribed = false;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('Subscribed')) subscribed = true;
      const [, retained, topic, payload] = /^([01]) (fevergate\S*) (.*)$/.exec(line) ?? [];
      if (topic !== undefined && payload !== undefined)
        heard.push({ topic, payload, retained: retained === '1' });
    }
  });
  await eventually(() => subscribed);
  return {
    heard,
    until: (count) => eventually(() => heard.length >= count),
    stop: () => ended(child, 'SIGTERM'),
  };
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${String(holds)}`);
    await sleep(20);
  }
}
