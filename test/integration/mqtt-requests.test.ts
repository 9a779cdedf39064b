import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { discovery, discoveryTopic } from '../../src/alerts/home-assistant.ts';
import { RemoteGate } from '../../src/app/remote/remote-gate.ts';
import { auditTrailOf } from '../../src/commands/gate-sinks.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import { createMutableBuzzer } from '../../src/feedback/mutable-buzzer.ts';
import { createSystemClock } from '../../src/io/linux/system-clock.ts';
import {
  type GateChannel,
  type GateChannelOptions,
  openGateChannel,
} from '../../src/io/mqtt/gate-channel.ts';
import { readAudit } from '../../src/io/store/audit-file.ts';
import { openGateRecords } from '../../src/io/store/gate-records.ts';
import { readVisits } from '../../src/io/store/read-visits.ts';
import { aVisit } from '../support/a-visit.ts';
import { aLog, anAlert, GATE_ID } from '../support/an-alert.ts';
import { fevergate } from '../support/command.ts';
import {
  eventually,
  freePort,
  type Mosquitto,
  mosquittoIsHere,
  startMosquitto,
} from '../support/mosquitto.ts';

const BASE = 'fevergate/main/gate-1';
const DISCOVERY = discovery({
  site: 'main',
  gate: 'gate-1',
  language: 'en',
  softwareVersion: '1',
  commands: true,
  profile: 2,
});
const DISCOVERY_TOPIC = discoveryTopic('homeassistant', { site: 'main', gate: 'gate-1' });

type Heard = Readonly<{
  topic: string;
  text: string;
  retained: boolean;
  properties: MqttClient['options']['properties'] | object;
}>;

describe.skipIf(!mosquittoIsHere())('what a gate is asked by network (mosquitto needed)', () => {
  let broker: Mosquitto;
  let folder = '';
  let guard: MqttClient;
  let heard: Heard[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-asked-'));
    broker = await startMosquitto(await freePort());
    guard = await connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0 }, false);
    heard = [];
    guard.on('message', (topic, payload, { retain, properties = {} }) =>
      heard.push({ topic, text: payload.toString(), retained: retain, properties }),
    );
    await guard.subscribeAsync(['fevergate/#', 'homeassistant/#'], { qos: 1 });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await guard.endAsync(true);
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const lastAt = (topic: string): string | undefined => heard.findLast((one) => one.topic === topic)?.text;
  const lastState = () => JSON.parse(lastAt(`${BASE}/state`) ?? '{}') as Record<string, unknown>;

  /** A gate's records and its way to the network, without sensors. */
  async function aGate(options: Partial<GateChannelOptions> = {}) {
    const clock = createSystemClock();
    const log = aLog();
    const audit = auditTrailOf(folder, clock);
    const { records } = configSchema.parse({});
    const store = await openGateRecords({ directory: folder, records, gateId: GATE_ID, clock, audit, log });
    closing.push(() => store.close());
    const channel: GateChannel = await openGateChannel({
      url: broker.url,
      site: 'main',
      gate: 'gate-1',
      outbox: store.outbox,
      commands: true,
      log,
      reconnectMs: 100,
      ...options,
    });
    closing.push(() => channel.close(500));
    const tones: number[] = [];
    const buzzer = createMutableBuzzer({ tone: (hz) => void tones.push(hz) });
    const remote = new RemoteGate(
      {
        channel,
        audit,
        machine: async () => ({ cpuTemperatureC: null, memoryBytes: 1, diskFreeBytes: null }),
        softwareVersion: '1',
        alertsWaiting: () => store.outbox.pending().length,
        countsOf: (day) => store.countsOf(day),
        enterCheck: (check) => store.enterCheck(check),
        profile: () => store.state().profile,
      },
      { clock, log, buzzer },
    );
    const stop = new AbortController();
    const running = remote.run(stop.signal);
    closing.push(async () => {
      stop.abort();
      await running;
    });
    await eventually(() => lastAt(`${BASE}/state`) !== undefined);
    return { store, channel, remote, buzzer, tones, log };
  }
  async function ask(name: string, request: object, properties: object = {}) {
    const before = heard.length;
    await guard.publishAsync(`${BASE}/request/${name}`, JSON.stringify(request), { qos: 1, properties });
    const isAnswer = ({ topic }: Heard): boolean => topic.startsWith(`${BASE}/response/`);
    await eventually(() => heard.slice(before).some(isAnswer));
    const answer = heard.slice(before).find(isAnswer);
    return { ...answer, said: JSON.parse(answer?.text ?? '') as Record<string, unknown> };
  }

  test('mute silences the buzzer at once, shows in the state, and ends', async () => {
    const { buzzer, tones } = await aGate();
    buzzer.tone(880);
    expect((await ask('mute', { minutes: 30, by: 'desk' })).said).toMatchObject({ status: 'done' });
    buzzer.tone(1760);
    expect(tones).toEqual([880, 0]);
    await eventually(() => lastState()['buzzer_muted'] === true);
    expect(Date.parse(String(lastState()['buzzer_muted_until']))).toBeGreaterThan(Date.now() + 29 * 60_000);
    await ask('mute', { minutes: 0, by: 'desk' });
    expect(tones).toEqual([880, 0, 1760]);
    await eventually(() => lastState()['buzzer_muted'] === false);
  });

  test('an alert is acknowledged where its response topic says, by its id', async () => {
    const { channel, remote, store } = await aGate();
    const alert = anAlert(7);
    const { reading, mask, baselineC, limitC } = aVisit(7, 'elevated');
    const decided = { number: 7, atMs: 0, outcome: 'elevated', distanceM: 0.6, measuredMs: 1 } as const;
    remote.onVisit({ ...decided, reading, mask, baselineC, limitC }, alert);
    const published = channel.publish(alert);
    await store.append(aVisit(7, 'elevated'));
    await published;
    await eventually(() => lastState()['alerts_open'] === 1);
    const { properties } = heard.find(({ topic }) => topic === `${BASE}/alert`) ?? {};
    expect(properties).toMatchObject({
      messageExpiryInterval: 900,
      responseTopic: `${BASE}/request/acknowledge`,
      userProperties: { id: alert.id, version: '3' },
    });
    expect((await ask('acknowledge', { alert_id: 'other', by: 'desk' })).said).toMatchObject({
      reason: 'not_found',
    });
    expect((await ask('acknowledge', { alert_id: alert.id, by: 'desk' })).said).toMatchObject({
      status: 'done',
    });
    await eventually(() => lastState()['alerts_open'] === 0);
  });

  test('the result of a check is kept and audited', async () => {
    const { store } = await aGate();
    await store.append(aVisit(1, 'elevated'));
    const request = { visit: 1, result: 'confirmed', temperature_c: 38.4, by: 'nurse' };
    expect((await ask('check', request)).said).toMatchObject({ status: 'done' });
    expect((await ask('check', { ...request, visit: 2 })).said).toMatchObject({ reason: 'not_found' });
    expect((await readVisits(folder))[0]).toMatchObject({
      check: { result: 'confirmed', temperature_c: 38.4 },
    });
    const { entries } = await readAudit(folder);
    expect(entries.map(({ event }) => event)).toEqual(['check-entered', 'remote-command', 'remote-command']);
    expect(entries.at(-1)).toMatchObject({
      command: 'check',
      result: 'not-found',
      by: 'nurse',
    } satisfies Partial<AuditEvent>);
  });

  test('refresh tells state, counts and health at once', async () => {
    const { store, remote } = await aGate();
    await store.append({ ...aVisit(1), timeMs: Date.now() });
    void remote;
    heard.length = 0;
    await ask('refresh', { by: 'desk' });
    await eventually(() =>
      ['state', 'counts', 'health'].every((name) => lastAt(`${BASE}/${name}`) !== undefined),
    );
  });

  test('the answer goes to the request’s response topic only where it is the gate’s own', async () => {
    await aGate();
    const own = await ask(
      'refresh',
      { by: 'desk', request_id: '5' },
      {
        responseTopic: `${BASE}/response/desk-1`,
        correlationData: Buffer.from('c1'),
      },
    );
    expect(own.topic).toBe(`${BASE}/response/desk-1`);
    expect(own.properties).toMatchObject({ correlationData: Buffer.from('c1') });
    expect(own.said).toMatchObject({ request_id: '5' });
    const foreign = await ask(
      'refresh',
      { by: 'desk' },
      { responseTopic: 'fevergate/main/gate-2/request/mute' },
    );
    expect(foreign.topic).toBe(`${BASE}/response/refresh`);
  });

  test('what is no command is refused and told why; a retained one is not carried out', async () => {
    const { log, tones } = await aGate();
    const { said } = await ask('mute', { minutes: 'long', by: 'desk', request_id: 'x' });
    expect(said).toMatchObject({ status: 'refused', reason: 'malformed', request_id: 'x' });
    expect(String(said['message'])).toContain('minutes');
    await guard.publishAsync(`${BASE}/request/mute`, '{"minutes":5,"by":"desk"}', { qos: 1, retain: true });
    await eventually(() => lastState()['buzzer_muted'] === true);
    await ask('mute', { minutes: 0, by: 'desk' });
    await closing.pop()?.();
    await closing.pop()?.();
    await closing.pop()?.();
    heard.length = 0;
    await aGate();
    await sleep(500);
    expect(lastState()['buzzer_muted']).toBe(false);
    expect(log.messages).not.toContain('remote command failed');
    expect(tones).toEqual([0, 0]);
  });

  test('by default nothing is heard', async () => {
    const { log } = await aGate({ commands: false });
    await guard.publishAsync(`${BASE}/request/mute`, '{"minutes":5,"by":"desk"}', { qos: 1 });
    await sleep(500);
    expect(heard.filter(({ topic }) => topic.startsWith(`${BASE}/response`))).toEqual([]);
    expect(lastState()['buzzer_muted']).toBe(false);
    expect(log.messages).toEqual(expect.not.arrayContaining(['remote command failed']));
  });

  test('Home Assistant is told at once and again when it starts, with everything its entities show', async () => {
    await aGate({ homeAssistant: { prefix: 'homeassistant', discovery: DISCOVERY } });
    await eventually(() => lastAt(DISCOVERY_TOPIC) !== undefined);
    expect(JSON.parse(lastAt(DISCOVERY_TOPIC) ?? '')).toEqual(DISCOVERY);
    await sleep(1500);
    heard.length = 0;
    await guard.publishAsync('homeassistant/status', 'online', { qos: 1 });
    const shown = [DISCOVERY_TOPIC, `${BASE}/state`, `${BASE}/counts`, `${BASE}/health`];
    await eventually(() => shown.every((topic) => lastAt(topic) !== undefined));
  });

  test('forget takes back what the broker retains, once the gate is stopped', async () => {
    const config = path.join(folder, 'gate.yaml');
    await writeFile(config, `alerts: { mqtt: { enabled: true, url: '${broker.url}' } }\n`);
    await aGate({ homeAssistant: { prefix: 'homeassistant', discovery: DISCOVERY } });
    const refused = await fevergate(['alerts', 'forget', '--config', config]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('main/gate-1 is online');
    for (const close of closing.splice(0).reverse()) await close();
    const { code, stdout } = await fevergate(['alerts', 'forget', '--config', config, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([DISCOVERY_TOPIC, `${BASE}/state`, `${BASE}/availability`]);
    const retained = await new Promise<string>((resolve) => {
      const args = ['-p', String(broker.port), '-t', '#', '-W', '2', '--retained-only', '-v'];
      execFile('mosquitto_sub', args, (_error, out) => resolve(out));
    });
    expect(retained).toBe('');
  });
});
