import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertPayloadSchema } from '../../src/alerts/payload.ts';
import { type ApplianceMachine, startMachine } from '../appliance/appliance-machine.ts';
import { ARCHITECTURE, buildImage, buildPackage, needBuilders } from '../appliance/built.ts';
import { makeTestDisk } from '../appliance/test-disk.ts';
import { whenAvailable } from '../hardware/vm/kept.ts';
import {
  eventually,
  freePort,
  type Mosquitto,
  type Subscriber,
  startMosquitto,
  subscribe,
} from '../support/mosquitto.ts';

/** As the guest has the machine it runs on. */
const HOST_IN_GUEST = '10.0.2.2';
const SYSTEM_AT = 64 << 20;
const MINUTE_MS = 60_000;
/** Of the guest's own time, under emulation without any help of the processor. */
const READY_WITHIN_S = 30;
const ALERTS_BEFORE_THE_CUT = 3;
const PASSWORD = 'told-to-nobody';

const made = await whenAvailable(async () => {
  needBuilders();
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-appliance-'));
  const port = await freePort();
  const boot = path.join(folder, 'boot');
  mkdirSync(boot);
  writeFileSync(path.join(boot, 'fevergate.yaml'), configuration(port));
  writeFileSync(path.join(boot, 'mqtt-password.txt'), `${PASSWORD}\n`);
  const image = path.join(folder, 'image');
  await buildImage(await buildPackage(1_795_528_800), boot, image);
  const testDisk = path.join(folder, 'test-disk');
  await makeTestDisk(testDisk, ARCHITECTURE);
  return { folder, image, testDisk, port };
});

/** Every visitor is elevated, so that every visit is told outside: what was told outside must be inside after the cut. */
function configuration(port: number): string {
  return `records: { directory: /var/lib/fevergate/records }
thermal: { warmUpS: 2 }
screening: { method: absolute, elevatedC: 30 }
alerts:
  mqtt:
    enabled: true
    url: mqtt://${HOST_IN_GUEST}:${port}
    allowPlainText: true
    username: gate
    passwordFile: /etc/fevergate/mqtt-password
`;
}

describe.skipIf(made.value === null)(`the ${ARCHITECTURE} image, booted ${made.reason ?? ''}`, () => {
  const { folder, image, testDisk, port } = made.value ?? { folder: '', image: '', testDisk: '', port: 0 };
  let broker: Mosquitto;
  let subscriber: Subscriber;
  let first: ApplianceMachine;
  let second: ApplianceMachine;
  let toldOutside: readonly number[];
  const start = (name: string): ApplianceMachine =>
    startMachine({ architecture: ARCHITECTURE, image, testDisk, folder: path.join(folder, name), seed: 3 });
  const last = (machine: ApplianceMachine, key: string): string => machine.told(key).at(-1) ?? '';
  const alerted = (): readonly number[] =>
    subscriber.heard
      .filter(({ topic }) => topic.endsWith('/alert'))
      .map(({ payload }) => alertPayloadSchema.parse(JSON.parse(payload)).visit);

  beforeAll(async () => {
    broker = await startMosquitto(port);
    subscriber = await subscribe(port);
    first = start('first');
    await first.until('checked', () => true, 8 * MINUTE_MS);
    // The plug is pulled when the next visitor stands there: visitors follow each other within a second.
    await eventually(() => alerted().length >= ALERTS_BEFORE_THE_CUT, 6 * MINUTE_MS);
    await first.cutPower();
    toldOutside = alerted();
    second = start('second');
    await second.until('checked', () => true, 8 * MINUTE_MS);
  }, 30 * MINUTE_MS);
  afterAll(async () => {
    await first?.cutPower();
    await second?.cutPower();
    await subscriber?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the gate measures soon after power-on, each time, and no unit has failed', () => {
    for (const machine of [first, second]) {
      expect(machine.told('failed'), machine.told('journal').join('\n')).toEqual([]);
      expect(last(machine, 'state')).toBe('running');
    }
    const readyS = [first, second].map((machine) => Number(last(machine, 'ready-after')) / 1e6);
    process.stdout.write(`ready ${readyS.map((one) => one.toFixed(1)).join(' s and ')} s after power-on\n`);
    for (const one of readyS) expect(one).toBeLessThan(READY_WITHIN_S);
  });

  test('every visit that was told outside is there after the power was cut', () => {
    expect(toldOutside.length).toBeGreaterThanOrEqual(ALERTS_BEFORE_THE_CUT);
    const kept = last(second, 'visits').trim().split(' ').map(Number);
    expect(kept).toEqual(expect.arrayContaining([...toldOutside]));
    expect(new Set(kept).size).toBe(kept.length);
  });

  test('the system is what was built, to the last byte', () => {
    const system = path.join(image, 'system.erofs');
    expect(sha256OfPart(path.join(image, 'disk.img'), SYSTEM_AT, statSync(system).size)).toBe(
      sha256OfPart(system, 0, statSync(system).size),
    );
    expect(last(first, 'root')).toMatch(/^erofs\s+ro/);
    expect(last(first, 'root-written')).toBe('no');
  });

  test('what stays has grown over the rest of the disk', () => {
    expect(Number(last(first, 'persistent-bytes'))).toBeGreaterThan(300 << 20);
  });

  test('the configuration came from the boot partition, and the password left it', () => {
    expect(last(first, 'boot-files').trim()).toBe('fevergate-applied.yaml');
    expect(last(first, 'secret')).toBe('600 fevergate');
    expect(readFileSync(path.join(image, 'disk.img')).subarray(0, SYSTEM_AT).includes(PASSWORD)).toBe(false);
  });

  test('the gate reaches its broker and nothing else; nothing is open; nobody can log in', () => {
    expect(last(first, 'addresses').split(' ').sort()).toEqual(
      ['127.0.0.0/8', `${HOST_IN_GUEST}/32`, '::1/128'].sort(),
    );
    expect(last(first, 'input-policy')).toBe('policy drop');
    expect(last(first, 'root-password')).toBe('L');
    expect(last(first, 'sshd')).not.toBe('active');
    expect(last(first, 'swap')).toBe('0');
    expect(last(first, 'journal')).toBe('0 kept');
    expect(last(first, 'now')).toContain('no trusted time yet');
  });
});

function sha256OfPart(file: string, offset: number, length: number): string {
  const bytes = Buffer.alloc(length);
  readSync(openSync(file, 'r'), bytes, 0, length, offset);
  return createHash('sha256').update(bytes).digest('hex');
}
