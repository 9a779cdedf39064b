import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { mqtt } from '../../src/config/mqtt-schema.ts';
import { brokerAddress } from '../../src/io/mqtt/configured-broker.ts';
import { startEmbeddedBroker } from '../../src/io/mqtt/embedded-broker.ts';
import { type GateChannelOptions, openGateChannel } from '../../src/io/mqtt/gate-channel.ts';
import { aLog, anAlert } from '../support/an-alert.ts';
import { eventually, freePort, mosquittoIsHere, startMosquitto } from '../support/mosquitto.ts';
import { type Certificates, makeCertificates } from '../support/mqtt-world.ts';

const ALERT = 'fevergate/main/gate-1/alert';
const REQUEST = 'fevergate/main/gate-1/request/mute';

let folder = '';
let keys: Certificates;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-tls-'));
  await chmod(folder, 0o755);
  keys = makeCertificates(folder);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Whether an alert is taken within two seconds. */
async function isTaken(
  options: Partial<GateChannelOptions> & Pick<GateChannelOptions, 'url'>,
): Promise<boolean> {
  const channel = await openGateChannel({
    site: 'main',
    gate: 'gate-1',
    log: aLog(),
    reconnectMs: 100,
    unheardForMs: 0,
    acknowledgeWithinMs: 2000,
    ...options,
  });
  const taken = await channel.publish(anAlert(1)).then(
    () => true,
    () => false,
  );
  await channel.close(0);
  return taken;
}

async function connected(url: string, username?: string, password?: string): Promise<MqttClient> {
  const client = await connectAsync(
    url,
    {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ca: await readFile(keys.ca),
      reconnectPeriod: 0,
    },
    false,
  );
  closing.push(() => client.endAsync(true));
  return client;
}

describe.skipIf(!mosquittoIsHere())('with mosquitto', () => {
  const broker = async (settings: readonly string[]) => {
    const started = await startMosquitto(await freePort(), settings);
    closing.push(() => started.stop());
    return started.port;
  };
  const tls = (more: readonly string[] = []) => [
    'allow_anonymous true',
    `certfile ${keys.server.cert}`,
    `keyfile ${keys.server.key}`,
    ...more,
  ];

  test('the certificate must be by the CA and for the host of the URL, unless the name is not to be checked', async () => {
    const port = await broker(tls());
    expect(await isTaken({ url: `mqtts://localhost:${port}`, caFile: keys.ca })).toBe(true);
    expect(await isTaken({ url: `mqtts://localhost:${port}` })).toBe(false);
    const byAddress = `mqtts://127.0.0.1:${port}`;
    expect(await isTaken({ url: byAddress, caFile: keys.ca })).toBe(false);
    expect(await isTaken({ url: byAddress, caFile: keys.ca, verifyServerName: false })).toBe(true);
    expect(await isTaken({ url: byAddress, verifyServerName: false })).toBe(false);
  });

  test('without a CA the system’s roots count, one that an operator has added too', async () => {
    const url = `mqtts://localhost:${await broker(tls())}`;
    expect(await isTaken({ url })).toBe(false);
    vi.stubEnv('SSL_CERT_FILE', keys.ca);
    closing.push(async () => vi.unstubAllEnvs());
    expect(await isTaken({ url })).toBe(true);
  });

  test('a client certificate is given where the broker asks for one', async () => {
    const port = await broker(tls([`cafile ${keys.ca}`, 'require_certificate true']));
    const url = `mqtts://localhost:${port}`;
    expect(await isTaken({ url, caFile: keys.ca })).toBe(false);
    const { cert: certFile, key: keyFile } = keys.client;
    expect(await isTaken({ url, caFile: keys.ca, certFile, keyFile })).toBe(true);
  });

  test('a key or a password that others may read is refused, by the setting’s name', async () => {
    const keyFile = path.join(folder, 'open.key');
    await cp(keys.client.key, keyFile);
    await chmod(keyFile, 0o644);
    const config = mqtt.parse({ certFile: keys.client.cert, keyFile });
    await expect(brokerAddress(config)).rejects.toThrow(/alerts\.mqtt\.keyFile: may be read by others/);
    await chmod(keyFile, 0o600);
    await expect(brokerAddress(config)).resolves.toMatchObject({ keyFile });
  });

  test('config/mosquitto.acl lets the gate tell and hear, a guard ask, and a display read', async () => {
    const passwords = path.join(folder, 'passwords');
    const acl = path.join(folder, 'acl');
    await cp('config/mosquitto.acl', acl);
    await writeFile(passwords, '');
    const users = ['fevergate-main-gate-1', 'guard', 'display'];
    for (const user of users)
      expect(spawnSync('mosquitto_passwd', ['-b', passwords, user, 'secret']).status).toBe(0);
    await chmod(passwords, 0o644);
    const port = await broker(['allow_anonymous false', `password_file ${passwords}`, `acl_file ${acl}`]);
    const url = `mqtt://127.0.0.1:${port}`;
    const [gate, guard, display] = (await Promise.all(
      users.map((user) => connected(url, user, 'secret')),
    )) as [MqttClient, MqttClient, MqttClient];
    const heard: string[] = [];
    const listen = async (who: string, client: MqttClient): Promise<void> => {
      client.on('message', (topic) => heard.push(`${who} ${topic}`));
      await client.subscribeAsync('#', { qos: 1 }).catch(() => undefined);
    };
    await Promise.all([listen('gate', gate), listen('guard', guard), listen('display', display)]);
    for (const client of [gate, guard, display]) {
      for (const topic of [ALERT, REQUEST, 'fevergate/main/gate-2/alert', 'elsewhere']) {
        await client.publishAsync(topic, 'x', { qos: 1 }).catch(() => undefined);
      }
    }
    await eventually(() => heard.length >= 6);
    // The gate may write all of its own; the guard requests alone; the display nothing.
    expect(new Set(heard)).toEqual(
      new Set([`gate ${REQUEST}`, `guard ${ALERT}`, `guard ${REQUEST}`, `display ${ALERT}`]),
    );
  });
});

describe('the embedded broker with a password and TLS', () => {
  const lan = async () => {
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      password: { username: 'guard', password: 'secret' },
      tls: { certFile: keys.server.cert, keyFile: keys.server.key },
    });
    closing.push(() => broker.close());
    return broker;
  };

  test('lets nobody in without it, and nobody in plain text; the gate itself needs none', async () => {
    const { port, attach } = await lan();
    await expect(connected(`mqtts://localhost:${port}`)).rejects.toThrow();
    await expect(connected(`mqtts://localhost:${port}`, 'guard', 'wrong')).rejects.toThrow();
    await expect(connected(`mqtts://localhost:${port}`, 'other', 'secret')).rejects.toThrow();
    await expect(connected(`mqtt://localhost:${port}`, 'guard', 'secret')).rejects.toThrow();
    const guard = await connected(`mqtts://localhost:${port}`, 'guard', 'secret');
    const heard: string[] = [];
    guard.on('message', (topic) => heard.push(topic));
    await guard.subscribeAsync('fevergate/#', { qos: 1 });
    expect(await isTaken({ url: 'mqtt://inside', openStream: attach })).toBe(true);
    await eventually(() => heard.includes(ALERT));
  });

  test('subscribers may ask, and not pass for the gate', async () => {
    const { port } = await lan();
    const url = `mqtts://localhost:${port}`;
    const listener = await connected(url, 'guard', 'secret');
    const heard: string[] = [];
    listener.on('message', (topic) => heard.push(topic));
    await listener.subscribeAsync('#', { qos: 1 });
    const asking = await connected(url, 'guard', 'secret');
    await asking.publishAsync(REQUEST, '{}', { qos: 1 });
    const lying = await connected(url, 'guard', 'secret');
    // A broker of MQTT 3.1.1 can only hang up.
    lying.publish(ALERT, '{}', { qos: 1 });
    await new Promise<void>((resolve) => {
      lying.once('close', () => resolve());
    });
    await eventually(() => heard.includes(REQUEST));
    expect(heard).toEqual([REQUEST]);
  });
});
