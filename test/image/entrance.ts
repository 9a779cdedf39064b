import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Door, type DoorOptions, GATE_CHIP, LAMPS, openDoor } from '../hardware/door/door.ts';
import { GuestClock } from './guest-clock.ts';
import type { HardwarePorts } from './guest-units.ts';

const TICK_BYTES = 8;
/** So long somebody has stood there before it is in the middle of a visit. */
const STOOD_MS = 300;

/**
 * A door on this machine whose hardware a guest reaches by the network: its visitors and its hardware stay while the gate's
 * machine is switched off and on. Its time is the guest's.
 */
export interface Entrance {
  readonly door: Door;
  readonly ports: HardwarePorts;
  /** Unix socket that the guest's time is told to. */
  readonly ticks: string;
  /** The visitor who stands there has been answered, and leaves. */
  dismiss(): void;
  /** Whether somebody stands there, being measured: a lamp says so, and there is no answer yet. */
  inTheMiddleOfAVisit(): boolean;
  close(): Promise<void>;
}

export async function openEntrance(options: Omit<DoorOptions, 'clock'>): Promise<Entrance> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-entrance-'));
  const ticks = path.join(folder, 'ticks');
  const clock = new GuestClock();
  const ticking = createServer((socket) => hearTicks(socket, clock)).listen(ticks);
  await once(ticking, 'listening');
  const door = await openDoor({ ...options, clock });
  const hardware = await relayTo(door.hardware.env, 'FEVERGATE_SHIM_SOCK');
  const camera = await relayTo(door.env, 'FEVERGATE_FAKE_CAMERA_SOCK');
  const lit = (lamp: keyof typeof LAMPS): boolean => door.hardware.gpio.level(GATE_CHIP, LAMPS[lamp]) === 1;
  return {
    door,
    ports: { hardware: portOf(hardware), camera: portOf(camera) },
    ticks,
    dismiss() {
      const nowMs = clock.nowMs();
      const [visitor] = door.scene.inViewAt(nowMs);
      if (visitor !== undefined) door.scene.dismiss(visitor.number, nowMs);
    },
    inTheMiddleOfAVisit() {
      const nowMs = clock.nowMs();
      const [visitor] = door.scene.inViewAt(nowMs);
      if (visitor === undefined || nowMs - door.scene.standsAtMs(visitor.number) < STOOD_MS) return false;
      return visitor.standing && lit('yellow') && !lit('red') && !lit('green');
    },
    async close() {
      for (const server of [ticking, hardware, camera]) server.close();
      await door.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function hearTicks(socket: Socket, clock: GuestClock): void {
  clock.restart();
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const whole = rest.length - (rest.length % TICK_BYTES);
    if (whole > 0) clock.tell(rest.readDoubleLE(whole - TICK_BYTES));
    rest = rest.subarray(whole);
  });
}

/** Joins every connection to a port of the loopback with a connection to the unix socket that a variable names. */
async function relayTo(env: Readonly<Record<string, string>>, name: string): Promise<Server> {
  const socketPath = env[name];
  if (socketPath === undefined) throw new Error(`${name} is not set`);
  const server = createServer({ noDelay: true }, (outer) => {
    const inner = connect(socketPath);
    outer.pipe(inner).pipe(outer);
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the relay has no port');
  return address.port;
}
