import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { I2cBus } from '../../../src/ports/i2c-bus.ts';
import type { GuestCalls } from './guest.ts';
import type { Answer, Question } from './guest-protocol.ts';
import type { BootImage } from './initramfs.ts';
import { Mcp2221 } from './mcp2221.ts';

const QEMU = 'qemu-system-aarch64';
const BOOT_MS = 120_000;
/** Longest that a call may take. */
const CALL_MS = 45_000;

/** A call failed in the guest. */
class GuestError extends Error {
  override readonly name = 'GuestError';
  /** Name of the error's class there, and its code. */
  readonly kind: string;
  readonly code: string | null;
  constructor({ name, code, message }: Extract<Answer, { ok: false }>) {
    super(message);
    this.kind = name;
    this.code = code;
  }
}

/** A running guest. */
export interface GuestMachine {
  /** The other end of the guest's USB-I2C bridge. */
  readonly bridge: Mcp2221;
  /** What the guest printed on its console so far. */
  readonly console: string;
  /** Calls into the guest; @throws GuestError what was thrown there. */
  call<Name extends keyof GuestCalls>(
    name: Name,
    ...args: Parameters<GuestCalls[Name]>
  ): ReturnType<GuestCalls[Name]>;
  stop(): Promise<void>;
}

type Waiting = Readonly<{ resolve: (value: unknown) => void; reject: (error: Error) => void }>;

/** Boots a guest with a USB-I2C bridge to `bus`, not yet plugged in; resolves when it takes calls. */
export async function startGuest(image: BootImage, bus: I2cBus): Promise<GuestMachine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fevergate-qemu-'));
  const bridge = new Mcp2221(bus);
  const waiting = new Map<number, Waiting>();
  let printed = '';
  let control: Socket | null = null;
  let asked = 0;

  const servers = [
    await listen(path.join(folder, 'mcp2221'), (socket) => void bridge.serve(socket).catch(failAll)),
    await listen(path.join(folder, 'control'), (socket) => {
      control = socket;
      createInterface({ input: socket }).on('line', (line) => settle(JSON.parse(line) as Answer));
    }),
  ];
  const qemu = spawn(QEMU, qemuArguments(image, folder), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const collect = (text: Buffer): void => {
    printed += text.toString();
  };
  qemu.stdout.on('data', collect);
  qemu.stderr.on('data', collect);
  const kill = (): boolean => qemu.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(qemu, 'exit').then(() => failAll(new Error('the guest has ended')));

  function failAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(new Error(`${error.message}; console:\n${printed}`));
    waiting.clear();
  }

  function settle(answer: Answer): void {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(new GuestError(answer));
  }

  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    kill();
    await ended;
    for (const server of servers) server.close();
    await rm(folder, { recursive: true, force: true });
  };

  const answer = (id: number, withinMs: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const late = (): void => failAll(new Error(`no answer from the guest in ${withinMs / 1000} s`));
      const timer = setTimeout(late, withinMs);
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          settle(value);
        };
      };
      waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
    });

  const ask = async (question: Question): Promise<unknown> => {
    if (qemu.exitCode !== null || qemu.signalCode !== null) throw new Error('the guest has ended');
    const value = answer(question.id, CALL_MS);
    control?.write(`${JSON.stringify(question)}\n`);
    return value;
  };

  try {
    await answer(0, BOOT_MS);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    bridge,
    get console() {
      return printed;
    },
    call: <Name extends keyof GuestCalls>(name: Name, ...args: Parameters<GuestCalls[Name]>) =>
      ask({ id: ++asked, call: name, args }) as ReturnType<GuestCalls[Name]>,
    stop,
  };
}

/** The guest's program ends when the host's end of its control port is gone, and QEMU with it. */
function qemuArguments({ kernel, initramfs }: BootImage, folder: string): readonly string[] {
  const port = (name: string): readonly string[] => [
    ...['-chardev', `socket,id=${name},path=${path.join(folder, name)}`],
    ...['-device', `virtserialport,chardev=${name},name=${name}`],
  ];
  return [
    ...['-M', 'virt', '-cpu', 'cortex-a72', '-smp', '2', '-m', '1024', '-accel', 'tcg,thread=multi'],
    ...['-nographic', '-nic', 'none', '-no-reboot', '-monitor', 'none', '-serial', 'stdio'],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', 'console=ttyAMA0 panic=-1 quiet loglevel=4'],
    ...['-device', 'virtio-serial-pci', ...port('mcp2221'), ...port('control')],
  ];
}

async function listen(at: string, connected: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    // A guest that is stopped resets its connections.
    socket.on('error', () => undefined);
    connected(socket);
  });
  server.listen(at);
  await once(server, 'listening');
  return server;
}
