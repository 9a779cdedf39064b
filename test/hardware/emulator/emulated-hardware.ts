import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSystemClock } from '../../../src/io/linux/system-clock.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { I2cBus } from '../../../src/ports/i2c-bus.ts';
import type { BitBangedBus } from './bit-banged-bus.ts';
import { KernelError } from './errno.ts';
import { type EmulatedChip, GpioChips, type HeldLine } from './gpio-chips.ts';
import { type FaultOf, FUNCTIONS, I2cAdapters } from './i2c-adapters.ts';
import { type Answer, OP, serve } from './protocol.ts';
import { type EmulatedPwm, PwmChips } from './pwm-chips.ts';
import { Trace } from './trace.ts';

export type EmulatedHardwareOptions = Readonly<{
  /** What hangs on each bus; the number is the one of /dev/i2c-N. */
  buses?: ReadonlyMap<number, I2cBus>;
  /** Buses that know SMBus only. */
  smbusOnly?: readonly number[];
  /** Devices that this user may not open, as in `/dev/i2c-1`. */
  forbidden?: readonly string[];
  chips?: readonly EmulatedChip[];
  pwm?: readonly EmulatedPwm[];
  /** Buses whose wires are GPIO lines too. */
  bitBanged?: readonly BitBangedBus[];
  /** The trace's time; real time since the start when absent. */
  clock?: Clock;
}>;

export type EmulatedHardware = Readonly<{
  /** What a process under the shim needs in its environment to see this hardware. */
  env: Readonly<Record<string, string>>;
  trace: Trace;
  gpio: Pick<GpioChips, 'level' | 'levels' | 'holders'>;
  pwm: Pick<PwmChips, 'state'>;
  /** Electrical levels of all lines that were ever taken, by `chip:line`. */
  levels(): Readonly<Record<string, 0 | 1>>;
  /** Asked for every transaction; null: nothing goes wrong any more. */
  setFault(faultOf: FaultOf | null): void;
  removeBus(bus: number): void;
  addBus(bus: number, devices: I2cBus): void;
  close(): Promise<void>;
}>;

type Kernel = Readonly<{
  i2c: I2cAdapters;
  gpio: GpioChips;
  pwm: PwmChips;
  forbidden: readonly string[];
}>;

/** Starts the emulator: devices of a kernel, for processes that run under the shim. Real time. */
export async function createEmulatedHardware(
  options: EmulatedHardwareOptions = {},
): Promise<EmulatedHardware> {
  const clock = options.clock ?? createSystemClock();
  const trace = new Trace();
  const root = mkdtempSync(path.join(tmpdir(), 'fevergate-hw-'));
  const devices = path.join(root, 'dev');
  mkdirSync(devices);
  const listDevice = (name: string): void => writeFileSync(path.join(devices, name), '');

  const i2c = new I2cAdapters(clock, trace);
  const addBus = (bus: number, attached: I2cBus): void => {
    i2c.add(bus, attached, options.smbusOnly?.includes(bus) ? FUNCTIONS.smbusOnly : FUNCTIONS.i2c);
    listDevice(`i2c-${bus}`);
  };
  for (const [bus, attached] of options.buses ?? []) addBus(bus, attached);
  const chips = options.chips ?? [];
  for (const { number } of chips) listDevice(`gpiochip${number}`);
  const gpio = new GpioChips(clock, trace, chips, options.bitBanged ?? []);
  const pwm = new PwmChips(clock, trace, options.pwm ?? [], root);

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    connect(socket, { i2c, gpio, pwm, forbidden: options.forbidden ?? [] });
  });
  const socketPath = path.join(root, 'hw');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });

  return {
    env: { FEVERGATE_SHIM_SOCK: socketPath, FEVERGATE_SHIM_PWM: pwm.folder, FEVERGATE_SHIM_DEV: devices },
    trace,
    gpio,
    pwm,
    levels: () => gpio.levels(),
    setFault(faultOf) {
      i2c.faultOf = faultOf ?? (() => null);
    },
    removeBus(bus) {
      i2c.remove(bus);
      rmSync(path.join(devices, `i2c-${bus}`), { force: true });
    },
    addBus,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** One open file of a process under the shim; when the process dies, the kernel ends the connection. */
function connect(socket: Socket, kernel: Kernel): void {
  const { i2c, gpio, pwm } = kernel;
  let handle = 0;
  let line: HeldLine | null = null;
  const letGo = (): void => {
    if (line !== null) gpio.release(line);
    line = null;
  };
  const held = (): HeldLine => {
    if (line === null) throw new KernelError('EINVAL');
    return line;
  };
  const answers: Readonly<Record<string, (payload: Buffer) => Answer | Promise<Answer>>> = {
    [OP.open]: (payload) => {
      handle = openDevice(payload.toString(), kernel);
      return { result: handle };
    },
    [OP.exists]: (payload) => {
      openDevice(payload.toString(), kernel);
      return { result: 0 };
    },
    [OP.functions]: () => i2c.functions(handle),
    [OP.transfer]: (payload) => i2c.transfer(payload),
    [OP.chipInfo]: () => gpio.info(handle),
    [OP.line]: (payload) => {
      line = gpio.request(payload);
      return { result: 0 };
    },
    [OP.setValues]: (payload) => gpio.setValues(held(), payload),
    [OP.getValues]: () => gpio.getValues(held()),
    [OP.close]: () => {
      letGo();
      return { result: 0 };
    },
    [OP.fileWrite]: (payload) => {
      const end = payload.indexOf(0);
      return pwm.write(payload.toString('utf8', 0, end), payload.subarray(end + 1));
    },
  };
  socket.on('error', () => undefined);
  socket.on('close', letGo);
  serve(socket, (op, payload) => {
    const answer = answers[op];
    if (answer === undefined) throw new KernelError('EINVAL');
    return answer(payload);
  });
}

/** The device behind a name, as a handle. */
function openDevice(name: string, { i2c, gpio, forbidden }: Kernel): number {
  const [, kind, number] = /^\/dev\/(i2c-|gpiochip)(\d+)$/.exec(name) ?? [];
  if (kind === undefined) throw new KernelError('ENOENT');
  const handle = kind === 'i2c-' ? i2c.open(Number(number)) : gpio.open(Number(number));
  if (forbidden.includes(name)) throw new KernelError('EACCES');
  return handle;
}
