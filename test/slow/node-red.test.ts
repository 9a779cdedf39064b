import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GateChannel, openGateChannel } from '../../src/io/mqtt/gate-channel.ts';
import { aLog, anAlert } from '../support/an-alert.ts';
import { eventually, freePort, type Mosquitto, startMosquitto } from '../support/mosquitto.ts';

/** Not one of the project's own packages: some 117 MB, for this test alone. */
const NODE_RED = 'node-red@4.1.15';
const STARTED_WITHIN_MS = 120_000;

let folder = '';
let broker: Mosquitto;
let nodeRed: ChildProcess;
let channel: GateChannel;
const told: string[] = [];
const notified = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    told.push(text);
    response.end();
  });
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-node-red-'));
  broker = await startMosquitto(await freePort());
  notified.listen(0, '127.0.0.1');
  await once(notified, 'listening');
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', NODE_RED], { cwd: folder });
  const home = path.join(folder, 'home');
  await mkdir(home);
  await cp('docs/integrations/node-red-flow.json', path.join(home, 'flows.json'));
  const { port } = notified.address() as AddressInfo;
  nodeRed = spawn(
    path.join(folder, 'node_modules/.bin/node-red'),
    ['--userDir', home, '--port', String(await freePort()), 'flows.json'],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        BROKER_HOST: '127.0.0.1',
        BROKER_PORT: String(broker.port),
        NOTIFY_URL: `http://127.0.0.1:${port}/`,
      },
    },
  );
  channel = await openGateChannel({
    url: broker.url,
    site: 'main',
    gate: 'gate-1',
    log: aLog(),
    acknowledgeWithinMs: STARTED_WITHIN_MS,
  });
});
afterAll(async () => {
  await channel.close(1000);
  nodeRed.kill('SIGTERM');
  await broker.stop();
  notified.close();
  await rm(folder, { recursive: true, force: true });
});

test('an alert of a gate comes out of Node-RED as one notification, however often it is told', async () => {
  // Taken once Node-RED has subscribed: until then the broker says that nobody does.
  await channel.publish(anAlert(7));
  await eventually(() => told.length > 0, 30_000);
  const repeating = await connectAsync(broker.url);
  const again = await new Promise<Buffer>((resolve) => {
    repeating.on('message', (_topic, payload) => resolve(payload));
    void repeating.subscribeAsync('fevergate/+/+/alert').then(() => channel.publish(anAlert(8)));
  });
  await repeating.publishAsync('fevergate/main/gate-1/alert', again, { qos: 1 });
  await repeating.endAsync();
  await eventually(() => told.length > 1, 30_000);
  await sleep(1500);
  expect(told.map((text) => JSON.parse(text) as unknown)).toEqual([
    {
      text: expect.stringMatching(
        /^Elevated visit No\. 7 at main\/gate-1, 2026-01-05T.*Check with a clinical thermometer\.$/,
      ),
    },
    { text: expect.stringMatching(/^Elevated visit No\. 8 /) },
  ]);
});
