import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { alertPayload } from '../../src/alerts/payload.ts';
import { greetBroker } from '../../src/io/mqtt/broker-greeting.ts';
import { startEmbeddedBroker } from '../../src/io/mqtt/embedded-broker.ts';
import { type GateChannelOptions, openGateChannel } from '../../src/io/mqtt/gate-channel.ts';
import type { AlertChannel } from '../../src/ports/alert-channel.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog, aNumberedAlert, anAlert } from '../support/an-alert.ts';
import { hangingUp } from '../support/hanging-up.ts';
import { openKeptAlerts } from '../support/kept-alerts.ts';
import { eventually, freePort, mosquittoIsHere, startMosquitto, subscribe } from '../support/mosquitto.ts';

const ALERT_TOPIC = 'fevergate/main/gate-1/alert';
const AVAILABILITY = 'fevergate/main/gate-1/availability';
const CLOSE_MS = 2000;
const PASSWORD_TOOL = 'mosquitto_passwd';
const TLS_TOOL = 'openssl';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const closeAtEnd = <T>(thing: T, close: (thing: T) => Promise<void>): T => {
  closing.push(() => close(thing));
  return thing;
};

async function openChannel(url: string, options: Partial<GateChannelOptions> = {}): Promise<AlertChannel> {
  const channel = await openGateChannel({
    url,
    site: 'main',
    gate: 'gate-1',
    log: aLog(),
    zone: 'Asia/Seoul',
    reconnectMs: 100,
    unheardForMs: 0,
    ...options,
  });
  return closeAtEnd(channel, (one) => one.close(CLOSE_MS));
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-mqtt-'));
  return closeAtEnd(folder, (one) => rm(one, { recursive: true, force: true }));
}

const payloadOf = (visit: number, sequence = visit): string =>
  JSON.stringify(
    alertPayload(aNumberedAlert(visit, sequence), { site: 'main', gate: 'gate-1' }, 'Asia/Seoul'),
  );

const here = mosquittoIsHere();
const MOSQUITTO = here ? 'mosquitto' : 'mosquitto (not here: apt-get install mosquitto mosquitto-clients)';

describe.skipIf(!here)(`with ${MOSQUITTO}`, () => {
  const broker = async (port?: number, settings?: readonly string[]) => {
    const started = await startMosquitto(port ?? (await freePort()), settings);
    return closeAtEnd(started, (one) => one.stop());
  };
  const listen = async (port: number, options?: readonly string[]) =>
    closeAtEnd(await subscribe(port, options), (one) => one.stop());

  test('subscribers get exactly the published alerts in order, and online and offline', async () => {
    const { port, url } = await broker();
    const { heard, until } = await listen(port);
    const log = aLog();
    const channel = await openChannel(url, { log });
    for (let visit = 1; visit <= 20; visit++) await channel.publish(anAlert(visit));
    await channel.close(CLOSE_MS);
    await until(22);
    expect(log.messages).toEqual(['MQTT broker connected']);
    expect(heard.filter(({ topic }) => topic === AVAILABILITY).map(({ payload }) => payload)).toEqual([
      'online',
      'offline',
    ]);
    const alerts = heard.filter(({ topic }) => topic === ALERT_TOPIC);
    expect(alerts.map(({ payload }) => payload)).toEqual(
      Array.from({ length: 20 }, (_, index) => payloadOf(index + 1)),
    );
    expect(heard).toHaveLength(22);
  });

  test('alerts are not retained, availability is', async () => {
    const { port, url } = await broker();
    const channel = await openChannel(url);
    await channel.publish(anAlert(1));
    const { heard, until } = await listen(port);
    await until(1);
    expect(heard).toEqual([{ topic: AVAILABILITY, payload: 'online', retained: true }]);
  });

  test('alerts expire after 15 minutes under MQTT 5', async () => {
    const { port, url } = await broker();
    const { heard, until } = await listen(port, ['-V', '5', '-F', '%r %t %E %C']);
    await (await openChannel(url)).publish(anAlert(1));
    await until(2);
    expect(heard.find(({ topic }) => topic === ALERT_TOPIC)?.payload).toBe('900 application/json');
  });

  test('subscribers learn by the last will that a gate was killed', async () => {
    const { port, url } = await broker();
    const { heard, until } = await listen(port);
    const gate = runScript(`
      import { openGateChannel } from './src/io/mqtt/gate-channel.ts';
      const log = { info() {}, warn() {}, error() {} };
      await openGateChannel({ url: '${url}', site: 'main', gate: 'gate-1', log });`);
    await until(1);
    expect(heard.map(({ payload }) => payload)).toEqual(['online']);
    gate.kill('SIGKILL');
    await until(2);
    expect(heard.at(-1)).toEqual({ topic: AVAILABILITY, payload: 'offline', retained: false });
  });

  test('alerts published while the broker is away are sent in order when it is back', {
    timeout: 30_000,
  }, async () => {
    const settings = ['allow_anonymous true', 'persistence true', `persistence_location ${await aFolder()}/`];
    const first = await broker(undefined, settings);
    // Its session outlives the broker, so it gets what is published before it is back.
    const { heard } = await listen(first.port, ['-c', '-i', 'watcher']);
    const channel = await openChannel(first.url, { acknowledgeWithinMs: 20_000 });
    await channel.publish(anAlert(1));
    await first.stop();
    const published = Promise.all([2, 3, 4].map((visit) => channel.publish(anAlert(visit))));
    await broker(first.port, settings);
    await published;
    const alerts = (): string[] =>
      heard.filter(({ topic }) => topic === ALERT_TOPIC).map(({ payload }) => payload);
    await eventually(() => alerts().includes(payloadOf(4)));
    // QoS 1 may deliver twice.
    expect([...new Set(alerts())]).toEqual([1, 2, 3, 4].map((visit) => payloadOf(visit)));
  });

  test('alerts not acknowledged before the end are sent by the next start, and then forgotten', async () => {
    const folder = await aFolder();
    const port = await freePort();
    const before = await openKeptAlerts(folder);
    const channel = await openGateChannel({
      url: `mqtt://127.0.0.1:${port}`,
      site: 'main',
      gate: 'gate-1',
      outbox: before.outbox,
      log: aLog(),
    });
    const publishing = [1, 2, 3].map((visit) =>
      channel.publish(anAlert(visit)).catch((error: unknown) => error),
    );
    for (const visit of [1, 2, 3]) await before.folder.visits.append(aVisit(visit, 'elevated'));
    await channel.close(50);
    await before.close();
    expect(await Promise.all(publishing)).toEqual(
      publishing.map(() => expect.objectContaining({ code: 'closed' })),
    );

    const { url } = await broker(port);
    const { heard, until } = await listen(port);
    const { outbox: kept } = closeAtEnd(await openKeptAlerts(folder), (one) => one.close());
    expect(kept.pending()).toEqual([1, 2, 3].map((visit) => aNumberedAlert(visit)));
    await openChannel(url, { outbox: kept });
    await until(4);
    expect(heard.filter(({ topic }) => topic === ALERT_TOPIC).map(({ payload }) => payload)).toEqual(
      [1, 2, 3].map((visit) => payloadOf(visit)),
    );
    await eventually(() => kept.pending().length === 0);
  });

  test('alerts of a day without network go out in order, and a broker may keep them as long as fresh ones', async () => {
    const folder = await aFolder();
    const hoursAgo = (hours: number): number => Date.now() - hours * 3_600_000;
    const before = await openKeptAlerts(folder);
    for (const hours of [30, 27, 24]) {
      const [number, timeMs] = [31 - hours, hoursAgo(hours)];
      const { kept } = before.outbox.add({ ...anAlert(number), timeMs });
      await before.folder.visits.append({ ...aVisit(number, 'elevated'), timeMs });
      await kept;
    }
    await before.close();
    const { port, url } = await broker();
    const { heard, until } = await listen(port, ['-V', '5', '-F', '%r %t %E %p']);
    const { outbox } = closeAtEnd(await openKeptAlerts(folder), (one) => one.close());
    await openChannel(url, { outbox });
    await until(4);
    const alerts = heard.filter(({ topic }) => topic === ALERT_TOPIC).map(({ payload }) => payload);
    expect(alerts.map((text) => /^900 .*"visit":(\d)/.exec(text)?.[1])).toEqual(['1', '4', '7']);
    await eventually(() => outbox.pending().length === 0);
  });

  test('an alert is offered again while nobody subscribes, and comes once when somebody does', async () => {
    const { port, url } = await broker();
    const log = aLog();
    const channel = await openChannel(url, { log, unheardForMs: 60_000 });
    const published = channel.publish(anAlert(1));
    await eventually(() => log.messages.includes('nobody subscribes to alerts: they are offered again'));
    const { heard, until } = await listen(port);
    await published;
    await until(2);
    await sleep(1000);
    expect(heard.filter(({ topic }) => topic === ALERT_TOPIC)).toHaveLength(1);
  });

  test('user name and password are used, and a wrong password does not stop the gate', async () => {
    const passwords = path.join(await aFolder(), 'passwords');
    expect(spawnSync(PASSWORD_TOOL, ['-b', '-c', passwords, 'gate', 'right']).status).toBe(0);
    const { url } = await broker(undefined, ['allow_anonymous false', `password_file ${passwords}`]);
    const log = aLog();
    const wrong = await openChannel(url, {
      username: 'gate',
      password: 'wrong',
      log,
      acknowledgeWithinMs: 300,
    });
    await expect(wrong.publish(anAlert(1))).rejects.toMatchObject({ code: 'unacknowledged' });
    expect(log.messages).toEqual(['MQTT broker not connected']);
    await wrong.close(0);
    await (await openChannel(url, { username: 'gate', password: 'right' })).publish(anAlert(1));
  });

  test('TLS is checked against caFile', async () => {
    const folder = await aFolder();
    const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'];
    const names = [
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      certificate,
    ];
    expect(spawnSync(TLS_TOOL, [...request, ...names]).status).toBe(0);
    const { port } = await broker(undefined, [
      'allow_anonymous true',
      `certfile ${certificate}`,
      `keyfile ${key}`,
    ]);
    const unknown = await openChannel(`mqtts://127.0.0.1:${port}`, { acknowledgeWithinMs: 300 });
    await expect(unknown.publish(anAlert(1))).rejects.toMatchObject({ code: 'unacknowledged' });
    await unknown.close(0);
    await (await openChannel(`mqtts://127.0.0.1:${port}`, { caFile: certificate })).publish(anAlert(1));
  });

  test('a refused alert is kept and tried again', async () => {
    const folder = await aFolder();
    const aclFile = path.join(folder, 'acl');
    await writeFile(aclFile, `topic readwrite ${AVAILABILITY}\n`, { mode: 0o644 });
    const { url } = await broker(undefined, ['allow_anonymous true', `acl_file ${aclFile}`]);
    const log = aLog();
    const channel = await openChannel(url, { log, acknowledgeWithinMs: 500 });
    await expect(channel.publish(anAlert(1))).rejects.toMatchObject({ code: 'unacknowledged' });
    expect(log.messages).toContain('alert not taken, sending it again');
  });
});

describe('with the embedded broker', () => {
  const broker = async () =>
    closeAtEnd(await startEmbeddedBroker({ host: '127.0.0.1', port: 0, password: null, tls: null }), (one) =>
      one.close(),
    );

  test('MQTT 3.1.1 is used when 5 is refused, and alerts are acknowledged', async () => {
    const { port } = await broker();
    const log = aLog();
    const channel = await openChannel(`mqtt://127.0.0.1:${port}`, { log });
    await Promise.all([1, 2, 3].map((visit) => channel.publish(anAlert(visit))));
    await channel.close(CLOSE_MS);
    expect(log.messages).toEqual([
      'MQTT broker speaks 3.1.1 only: alerts it queues do not expire',
      'MQTT broker connected',
    ]);
  });

  test.skipIf(!here)('MQTT 3.1.1 is used when a broker hangs up on 5 without an answer', async () => {
    const { port } = closeAtEnd(await startMosquitto(await freePort()), (one) => one.stop());
    const proxy = closeAtEnd(await hangingUp(port, (level) => level === 5), (one) => one.close());
    const log = aLog();
    const channel = await openChannel(proxy.url, { log });
    await channel.publish(anAlert(1));
    expect(log.messages).toEqual([
      'MQTT broker not connected',
      'MQTT broker speaks 3.1.1 only: alerts it queues do not expire',
      'MQTT broker connected',
    ]);
    expect(await greetBroker({ url: proxy.url, clientId: 'doctor' })).toMatchObject({ protocol: '3.1.1' });
  });

  test.skipIf(!here)('a broker that hangs up while it starts is spoken to in MQTT 5 again', async () => {
    const { port } = closeAtEnd(await startMosquitto(await freePort()), (one) => one.stop());
    const proxy = closeAtEnd(await hangingUp(port, (_, before) => before < 41), (one) => one.close());
    const log = aLog();
    const channel = await openChannel(proxy.url, { log });
    await channel.publish(anAlert(1));
    const twenty = (level: number) => Array.from({ length: 20 }, () => level);
    expect(proxy.levels()).toEqual([...twenty(5), ...twenty(4), 5, 5]);
    expect(log.messages.slice(0, 2)).toEqual(['MQTT broker not connected', 'MQTT broker connected']);
  });

  test.skipIf(!here)('a real subscriber hears it', async () => {
    const { port } = await broker();
    const { heard, until } = closeAtEnd(await subscribe(port), (one) => one.stop());
    const channel = await openChannel(`mqtt://127.0.0.1:${port}`);
    await channel.publish(anAlert(7));
    await channel.close(CLOSE_MS);
    await until(3);
    expect(heard.map(({ payload }) => payload)).toEqual(['online', payloadOf(7, 1), 'offline']);
  });

  test('a port in use is told', async () => {
    const { port } = await broker();
    await expect(
      startEmbeddedBroker({ host: '127.0.0.1', port, password: null, tls: null }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('without a broker', () => {
  test('opening and closing wait for nobody, and publishing says so in time', async () => {
    const log = aLog();
    const from = performance.now();
    const channel = await openChannel(`mqtt://127.0.0.1:${await freePort()}`, {
      log,
      acknowledgeWithinMs: 300,
    });
    expect(performance.now() - from).toBeLessThan(1000);
    await expect(channel.publish(anAlert(1))).rejects.toMatchObject({ code: 'unacknowledged' });
    await channel.close(100);
    expect(performance.now() - from).toBeLessThan(3000);
    // One line, not one for every attempt.
    expect(log.messages).toEqual(['MQTT broker not connected']);
    await expect(channel.publish(anAlert(2))).rejects.toMatchObject({ code: 'closed' });
  });

  test('a CA file that cannot be read is told at once', async () => {
    await expect(openChannel('mqtts://127.0.0.1:1', { caFile: '/nowhere/ca.pem' })).rejects.toThrow(
      '/nowhere/ca.pem',
    );
  });
});

/** Runs TypeScript in a process of its own, from the project's folder. */
function runScript(code: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}
