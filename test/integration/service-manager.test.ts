import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServiceManager } from '../../src/io/linux/service-manager.ts';
import { type Door, openDoor } from '../hardware/door/door.ts';
import { KeptLog } from '../hardware/rpicam/use-fake.ts';
import { fevergateUnder, lackOfEmulatedHardware } from '../support/emulated-hardware.ts';
import { eventually } from '../support/mosquitto.ts';
import { type NotifySocket, openNotifySocket } from '../support/notify-socket.ts';

/** Long enough for a machine that does much else. */
const SLOW_MS = 90_000;

const lack = lackOfEmulatedHardware();
const ready = (socket: NotifySocket): boolean => socket.messages().includes('READY=1');
const fed = (socket: NotifySocket): number =>
  socket.messages().filter((message) => message === 'WATCHDOG=1').length;

let socket: NotifySocket;
beforeEach(() => {
  socket = openNotifySocket();
});
afterEach(() => socket.close());

describe('what systemd is told', () => {
  test('every message is one datagram', () => {
    const manager = openServiceManager({ NOTIFY_SOCKET: socket.path }, new KeptLog());
    manager.starting('waiting');
    manager.ready();
    manager.alive();
    manager.status('in service');
    manager.stopping();
    expect(socket.messages()).toEqual([
      'STATUS=waiting',
      'EXTEND_TIMEOUT_USEC=60000000',
      'READY=1',
      'WATCHDOG=1',
      'STATUS=in service',
      'STOPPING=1',
    ]);
  });

  test('where nobody listens it is logged once, and the gate goes on', () => {
    const log = new KeptLog();
    const manager = openServiceManager({ NOTIFY_SOCKET: `${socket.path}-gone` }, log);
    manager.ready();
    manager.alive();
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain('ENOENT');
    openServiceManager({}, log).ready();
    expect(log.lines).toHaveLength(1);
  });
});

describe.skipIf(lack !== null)(lack ?? 'a gate that systemd started', () => {
  let door: Door;
  beforeEach(async () => {
    door = await openDoor({ visits: 1, seed: 3 });
  });
  afterEach(() => door.close());
  const start = () =>
    fevergateUnder(door.hardware, ['run', '--config', door.configFile], {
      ...door.env,
      NOTIFY_SOCKET: socket.path,
    });

  test('is ready once sensor and camera deliver, is not alive while the sensor is away, and says that it stops', {
    timeout: 240_000,
  }, async () => {
    const gate = start();
    await eventually(() => ready(socket), SLOW_MS);
    const before = fed(socket);
    await eventually(() => fed(socket) > before, SLOW_MS);
    door.hardware.removeBus(1);
    await eventually(() => socket.messages().at(-1)?.includes('out of service') ?? false, SLOW_MS);
    const whenAway = fed(socket);
    await sleep(2500);
    expect(fed(socket)).toBe(whenAway);
    door.hardware.addBus(1, door.sensor);
    await eventually(() => fed(socket) > whenAway, SLOW_MS);
    expect(socket.messages().filter((message) => message === 'READY=1')).toHaveLength(1);
    gate.kill('SIGTERM');
    expect(await gate.ended).toMatchObject({ code: 0 });
    expect(socket.messages()).toContain('STOPPING=1');
  });

  test('is not ready without a picture from the camera, however well the sensor delivers', {
    timeout: 240_000,
  }, async () => {
    door.setCameraFaults({ noCamera: true });
    const gate = start();
    await eventually(() => gate.output().stderr.includes('the camera gives no picture'), SLOW_MS);
    await sleep(2000);
    expect(ready(socket)).toBe(false);
    expect(socket.messages()).toContain('EXTEND_TIMEOUT_USEC=60000000');
    door.setCameraFaults({});
    await eventually(() => ready(socket), SLOW_MS);
    gate.kill('SIGKILL');
    await gate.ended;
  });
});
