import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertPayloadSchema } from '../../src/alerts/payload.ts';
import { whenAvailable } from '../hardware/vm/kept.ts';
import { BUILDERS, buildImage, buildPackage, need } from '../packaging/built.ts';
import { eventually, freePort, type Subscriber, startMosquitto, subscribe } from '../support/mosquitto.ts';
import { bootHolds, layOnBoot, systemSha256 } from './card.ts';
import { type Entrance, openEntrance } from './entrance.ts';
import { guestUnits, HOST_IN_GUEST } from './guest-units.ts';
import { greeting, type Said, type Visitor, visitor } from './login.ts';
import { type Machine, startMachine } from './machine.ts';
import { makeTestDisk } from './test-disk.ts';

const PROGRAMS = {
  ...BUILDERS,
  'mkfs.erofs': 'erofs-utils',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
  sfdisk: 'fdisk',
  cpio: 'cpio',
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-aarch64-static': 'qemu-user-static',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
  ssh: 'openssh-client',
};
const EPOCH_S = 1_795_528_800;
const PASSWORD = 'told-to-nobody';
/** Of the machine's own time, from the start of its kernel. */
const READY_WITHIN_S = 30;
const ALERTS_BEFORE_THE_CUT = 3;
/** What was told just before is still on its way. */
const ON_ITS_WAY_MS = 1000;
/** So long a closed port is listened to. */
const SILENT_MS = 20_000;
const CONFIG = '--config /etc/fevergate/fevergate.yaml';
/** Asked of a server: no key, but whatever else it takes. */
const WITHOUT_KEY = [
  '-o',
  'PubkeyAuthentication=no',
  '-o',
  'PreferredAuthentications=password,keyboard-interactive',
];
const START_MS = 30 * 60_000;
const VISIT_MS = 20 * 60_000;

/** Every visitor is elevated, so that every visit is told outside: what was told outside must be inside after the cut. */
const GATE = {
  thermal: { warmUpS: 2 },
  lines: { buzzer: { kind: 'active' } },
  screening: { method: 'absolute', elevatedC: 30 },
};

const made = await whenAvailable(async () => {
  need(PROGRAMS);
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-image-'));
  const image = process.env['FEVERGATE_IMAGE'] ?? path.join(folder, 'image');
  if (process.env['FEVERGATE_IMAGE'] === undefined) {
    say('building the package');
    const deb = await buildPackage(EPOCH_S, 'arm64');
    say('building the image');
    await buildImage(deb, image, 'arm64');
    rmSync(path.dirname(deb), { recursive: true });
  }
  const testDisk = path.join(folder, 'test-disk');
  await makeTestDisk(testDisk);
  return { folder, image, testDisk };
});

describe.skipIf(made.value === null)(`the image, switched on and off ${made.reason ?? ''}`, () => {
  const { folder, image, testDisk } = made.value ?? { folder: '', image: '', testDisk: '' };
  const card = path.join(folder, 'card.img');
  let built: string;
  const closing: (() => Promise<void>)[] = [];
  let subscriber: Subscriber;
  let entrance: Entrance;
  let first: Machine;
  let second: Machine;
  let answered = 0;
  let toldBeforeTheCut: readonly number[];
  let sshPort: number;
  let operator: Visitor;
  let whileClosed: string;
  let asked: string;
  let refused: Readonly<Record<'withoutKey' | 'stranger' | 'elsewhere' | 'outward' | 'asRoot', Said>>;
  let askedAgain: string;

  const start = (name: string): Machine => {
    const machine = startMachine({
      kernel: path.join(image, 'vmlinuz'),
      initrd: path.join(image, 'initrd'),
      disk: card,
      testDisk,
      ticks: entrance.ticks,
      sshPort,
      credentials: guestUnits(entrance.ports),
      folder: path.join(folder, name),
    });
    closing.push(() => machine.cutPower());
    return machine;
  };
  const told = (machine: Machine, key: string): string => machine.told(key).at(-1) ?? '';
  /** Visits told outside, each once. */
  const alerted = (): readonly number[] => {
    const alerts = subscriber.heard
      .filter(({ topic }) => topic.endsWith('/alert'))
      .map(({ payload }) => alertPayloadSchema.parse(JSON.parse(payload)));
    return [...new Map(alerts.map(({ id, visit }) => [id, visit])).values()];
  };
  /** Until so many visits were told outside; whoever was told of leaves. */
  const visitsUntil = async (count: number): Promise<void> => {
    while (answered < count) {
      await eventually(() => alerted().length > answered, VISIT_MS);
      say(`visit ${alerted().at(answered++)} told outside`);
      entrance.dismiss();
    }
  };
  const untilChecked = async (machine: Machine): Promise<void> => {
    const sinceMs = performance.now();
    await machine.until('checked', START_MS);
    const tookS = Math.round((performance.now() - sinceMs) / 1000);
    say(
      `ready ${readyS(machine).toFixed(1)} s after its start by its own time; looked at after ${tookS} s here`,
    );
  };

  beforeAll(async () => {
    execFileSync('cp', ['--sparse=always', path.join(image, 'disk.img'), card]);
    built = systemSha256(card);
    const port = await freePort();
    sshPort = await freePort();
    operator = visitor(folder, 'operator');
    layOnBoot(card, bootFiles(folder, port));
    const broker = await startMosquitto(port, closedBroker(folder));
    closing.push(() => broker.stop());
    subscriber = await subscribe(port, ['-u', 'guard', '-P', PASSWORD]);
    closing.push(() => subscriber.stop());
    entrance = await openEntrance({ visits: 40, seed: 3, config: GATE });
    closing.push(() => entrance.close());
    say('first start');
    first = start('first');
    await untilChecked(first);
    whileClosed = await greeting(sshPort, SILENT_MS);
    await visitsUntil(ALERTS_BEFORE_THE_CUT);
    await eventually(() => entrance.inTheMiddleOfAVisit(), VISIT_MS);
    await first.cutPower();
    await sleep(ON_ITS_WAY_MS);
    toldBeforeTheCut = alerted();
    copyFileSync(operator.publicKey, path.join(folder, 'ssh-keys.txt'));
    layOnBoot(card, [path.join(folder, 'ssh-keys.txt')]);
    say('power cut in the middle of a visit; second start, with a key that may log in');
    second = start('second');
    await untilChecked(second);
    await visitsUntil(toldBeforeTheCut.length + 1);
    asked = await operator.eventually(
      sshPort,
      `set -e; fevergate records stats ${CONFIG}; fevergate records audit ${CONFIG}; fevergate notice --lang en --format md ${CONFIG}; id; systemctl is-system-running`,
      START_MS,
    );
    const stranger = visitor(folder, 'stranger');
    refused = {
      outward: await operator.run(sshPort, `timeout 5 bash -c 'exec 3<>/dev/tcp/${HOST_IN_GUEST}/${port}'`),
      elsewhere: await operator.run(sshPort, '', ['-W', `${HOST_IN_GUEST}:${port}`]),
      asRoot: await operator.run(sshPort, 'sudo -n /bin/true; ls /var/lib/fevergate/records'),
      // Last: who is refused too often is not heard for a while.
      withoutKey: await operator.run(sshPort, 'true', WITHOUT_KEY),
      stranger: await stranger.run(sshPort, 'true'),
    };
    await second.cutPower();
    say('power cut again; third start');
    const third = start('third');
    askedAgain = await operator.eventually(sshPort, `fevergate records stats ${CONFIG}`, START_MS);
    await third.cutPower();
  });
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the gate is ready in time at each start, and no unit has failed', () => {
    for (const machine of [first, second]) {
      expect(machine.told('failed'), machine.told('journal').join('\n')).toEqual([]);
      expect(told(machine, 'state')).toBe('running');
      expect(told(machine, 'restarts')).toBe('0');
      expect(readyS(machine), machine.told('took').join('\n')).toBeLessThan(READY_WITHIN_S);
    }
  });

  test('every visit that was told outside is there after the power cut, once', () => {
    expect(toldBeforeTheCut.length).toBeGreaterThanOrEqual(ALERTS_BEFORE_THE_CUT);
    const kept = told(second, 'visits').trim().split(' ').map(Number);
    expect(kept).toEqual(expect.arrayContaining([...toldBeforeTheCut]));
    expect(new Set(kept).size).toBe(kept.length);
    expect(told(second, 'verified')).toBe('whole');
  });

  test('who stood there when the power went is answered afterwards, as a new visit', () => {
    const after = alerted().slice(toldBeforeTheCut.length);
    expect(after.length).toBeGreaterThan(0);
    expect(Math.min(...after)).toBeGreaterThan(Math.max(...toldBeforeTheCut));
  });

  test('the root file system is what was built, to the last byte', () => {
    expect(systemSha256(card)).toBe(built);
    expect(told(second, 'root')).toMatch(/^erofs\s+ro/);
    expect(told(second, 'root-written')).toBe('no');
  });

  test('what stays has grown over the rest of the card, and notes times of change seldom', () => {
    expect(told(first, 'persistent')).toMatch(/\bcommit=600\b/);
    expect(Number(told(first, 'persistent-bytes'))).toBeGreaterThan(300 << 20);
  });

  test('the configuration came from the boot partition, and no trace of the password is left there', () => {
    expect(told(first, 'boot-files')).toContain('fevergate-applied.yaml');
    expect(told(first, 'boot-files')).not.toMatch(/mqtt-password|fevergate-problem/);
    expect(told(first, 'secret')).toBe('600 fevergate');
    expect(bootHolds(card, PASSWORD)).toBe(false);
  });

  test('the gate reaches its broker and nothing else; nothing is open; nobody can log in', () => {
    expect(whileClosed).toBe('');
    const addresses = told(second, 'addresses').split(' ').sort();
    expect(addresses).toEqual(['127.0.0.0/8', `${HOST_IN_GUEST}/32`, '::1/128'].sort());
    expect(told(second, 'firewall')).toBe('policy drop');
    // Names are looked up on the machine itself.
    expect(told(first, 'listening').trim()).toBe('127.0.0.53%lo:53 127.0.0.54:53');
    expect(told(second, 'root-password')).toBe('L');
    expect(told(second, 'swaps')).toBe('0');
    expect(told(second, 'journals-kept')).toBe('0');
    expect(told(second, 'status')).toContain('no trusted time yet');
  });

  test('whose key was laid on the boot partition can log in and ask for records, and nobody else can', () => {
    expect(told(second, 'listening')).toContain('0.0.0.0:22');
    expect(told(second, 'boot-files')).toMatch(/ssh-keys-applied\.txt/);
    expect(asked).toMatch(/\d+ of at most 25000 visits held/);
    expect(asked).toMatch(/login-changed +keys 1, fingerprints \["SHA256:/);
    expect(asked).toContain('who holds the one key that the operator laid there');
    expect(asked).toMatch(/^uid=\d+\(gate\)[^\n]*\(systemd-journal\)\nrunning$/m);
    const denied = { code: 255, stderr: expect.stringContaining('Permission denied (publickey)') };
    expect(refused.withoutKey).toMatchObject(denied);
    expect(refused.stranger).toMatchObject(denied);
    expect(refused.elsewhere).toMatchObject({ code: 255, stderr: expect.stringContaining('forwarding') });
    // The broker is there, and the gate itself reaches it; the connection is never answered.
    expect(refused.outward.code).toBe(124);
    expect(refused.asRoot.code).not.toBe(0);
    expect(refused.asRoot.stderr).toMatch(/password is required.*Permission denied/s);
  });

  test('and still can after another power cut, at the machine with the same key', () => {
    expect(askedAgain).toMatch(/\d+ of at most 25000 visits held/);
  });
});

/** When the service was ready, s after the machine's kernel started, by its own time. */
function readyS(machine: Machine): number {
  return Number(machine.told('ready-us').at(-1)) / 1e6;
}

/** What a user lays on the boot partition. */
function bootFiles(folder: string, port: number): readonly string[] {
  const mqtt = {
    enabled: true,
    url: `mqtt://${HOST_IN_GUEST}:${port}`,
    allowPlainText: true,
    username: 'gate',
    passwordFile: '/etc/fevergate/mqtt-password',
  };
  const records = { directory: '/var/lib/fevergate/records' };
  const boot = path.join(folder, 'boot');
  mkdirSync(boot);
  const files = {
    // JSON is YAML.
    'fevergate.yaml': JSON.stringify({ ...GATE, records, alerts: { mqtt } }),
    'mqtt-password.txt': `${PASSWORD}\n`,
  };
  return Object.entries(files).map(([name, text]) => {
    const file = path.join(boot, name);
    writeFileSync(file, text);
    return file;
  });
}

/** Settings of a broker that knows a gate and a guard, by the same password. */
function closedBroker(folder: string): readonly string[] {
  const passwords = path.join(folder, 'passwords');
  writeFileSync(passwords, `gate:${PASSWORD}\nguard:${PASSWORD}\n`, { mode: 0o600 });
  execFileSync('mosquitto_passwd', ['-U', passwords]);
  return ['allow_anonymous false', `password_file ${passwords}`];
}

function say(what: string): void {
  process.stderr.write(`${what} ...\n`);
}
