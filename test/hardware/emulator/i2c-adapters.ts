import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../src/ports/clock.ts';
import { type I2cBus, I2cError, type I2cErrorCode } from '../../../src/ports/i2c-bus.ts';
import { type ErrnoName, KernelError } from './errno.ts';
import type { Answer } from './protocol.ts';
import type { I2cEntry, Trace } from './trace.ts';

/** A message of a transaction: bytes to write, or a number of bytes to read. */
export type Message = Readonly<{ address: number; write: Uint8Array } | { address: number; read: number }>;

export type Transaction = Readonly<{
  bus: number;
  messages: readonly Message[];
  /** As in the trace. */
  text: string;
  /** Counts from 0 for every bus of the emulator together. */
  index: number;
  atMs: number;
}>;

/** What goes wrong with a transaction. */
export type Fault = Readonly<{
  /** The driver gives up with this error, the device sees nothing. */
  errno?: ErrnoName;
  /** So many messages get through, and the driver returns that number. */
  completedMessages?: number;
  /** Bits that arrive the other way round. */
  flipBits?: readonly Readonly<{ byte: number; mask: number }>[];
  /** It takes so much longer, ms. */
  delayMs?: number;
}>;

export type FaultOf = (transaction: Transaction) => Fault | null;

/** What an adapter can do (I2C_FUNCS): combined transfers and emulated SMBus, or SMBus alone. */
export const FUNCTIONS = { i2c: 0x0eff0009, smbusOnly: 0x0eff0008 } as const;

const READ = 0x0001;
const MESSAGE_HEAD_BYTES = 6;

/** What the Raspberry Pi's drivers say of it. */
const ERRNO_OF: Readonly<Record<I2cErrorCode, ErrnoName>> = {
  'no-acknowledge': 'EREMOTEIO',
  timeout: 'ETIMEDOUT',
  'arbitration-lost': 'EAGAIN',
  'bus-stuck': 'EBUSY',
  io: 'EIO',
};

type Adapter = { bus: number; devices: I2cBus; functions: number; underWay: number; free: Promise<unknown> };

/** The kernel's I2C adapters: one transaction at a time on each. */
export class I2cAdapters {
  readonly #clock: Clock;
  readonly #trace: Trace;
  /** By handle: an adapter that comes back is another one, as in the kernel. */
  readonly #adapters = new Map<number, Adapter>();
  #handles = 0;
  #transactions = 0;
  faultOf: FaultOf = () => null;

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
  }

  get numbers(): readonly number[] {
    return [...this.#adapters.values()].map(({ bus }) => bus);
  }

  add(bus: number, devices: I2cBus, functions: number): void {
    if (this.#handleOf(bus) !== null) throw new Error(`bus ${bus} is there already`);
    this.#adapters.set(++this.#handles, {
      bus,
      devices,
      functions,
      underWay: 0,
      free: Promise.resolve(),
    });
  }

  /** Pulled out: files opened before are of no more use. */
  remove(bus: number): void {
    const handle = this.#handleOf(bus);
    if (handle !== null) this.#adapters.delete(handle);
  }

  open(bus: number): number {
    const handle = this.#handleOf(bus);
    if (handle === null) throw new KernelError('ENOENT');
    return handle;
  }

  functions(handle: number): Answer {
    const data = Buffer.alloc(8);
    data.writeBigUInt64LE(BigInt(this.#adapter(handle).functions));
    return { result: 0, data };
  }

  async transfer(payload: Buffer): Promise<Answer> {
    const adapter = this.#adapter(payload.readUInt32LE(0));
    const messages = messagesOf(payload.subarray(4));
    const transaction: Transaction = {
      bus: adapter.bus,
      messages,
      text: textOf(messages),
      index: this.#transactions++,
      atMs: this.#clock.nowMs(),
    };
    const alongside = adapter.underWay++;
    const done = adapter.free.then(() => this.#carryOut(adapter, transaction));
    adapter.free = done.catch(() => undefined);
    let outcome: I2cEntry['outcome'] = 'EIO';
    try {
      const answer = await done;
      outcome = answer.result === messages.length ? 'ok' : 'short';
      return answer;
    } catch (error) {
      if (error instanceof KernelError) outcome = error.code;
      throw error;
    } finally {
      adapter.underWay--;
      const { bus, text, atMs } = transaction;
      this.#trace.entries.push({
        kind: 'i2c',
        atMs,
        endMs: this.#clock.nowMs(),
        bus,
        text,
        outcome,
        alongside,
      });
    }
  }

  async #carryOut({ devices }: Adapter, transaction: Transaction): Promise<Answer> {
    const { messages } = transaction;
    const fault = this.faultOf(transaction) ?? {};
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.errno !== undefined) throw new KernelError(fault.errno);
    if (fault.completedMessages !== undefined) return { result: fault.completedMessages };
    const data = await answered(devices, messages);
    for (const { byte, mask } of fault.flipBits ?? []) data[byte] = (data[byte] ?? 0) ^ mask;
    return { result: messages.length, data };
  }

  #adapter(handle: number): Adapter {
    const adapter = this.#adapters.get(handle);
    if (adapter === undefined) throw new KernelError('ENODEV');
    return adapter;
  }

  #handleOf(bus: number): number | null {
    for (const [handle, adapter] of this.#adapters) if (adapter.bus === bus) return handle;
    return null;
  }
}

/** The port knows a write, and a write with a read after it; a driver of the gate has no use for other shapes. */
async function answered(devices: I2cBus, [first, second, ...more]: readonly Message[]): Promise<Uint8Array> {
  const plain = first !== undefined && 'write' in first && more.length === 0;
  const fits = plain && (second === undefined || ('read' in second && second.address === first.address));
  if (!fits) throw new KernelError('EOPNOTSUPP');
  const readLength = second === undefined || !('read' in second) ? 0 : second.read;
  try {
    return (await devices.transfer(first.address, first.write, readLength)).slice();
  } catch (error) {
    if (error instanceof I2cError) throw new KernelError(ERRNO_OF[error.code]);
    throw error;
  }
}

function messagesOf(payload: Buffer): readonly Message[] {
  let at = 4;
  return Array.from({ length: payload.readUInt32LE(0) }, () => {
    const address = payload.readUInt16LE(at);
    const flags = payload.readUInt16LE(at + 2);
    const length = payload.readUInt16LE(at + 4);
    at += MESSAGE_HEAD_BYTES;
    if ((flags & READ) !== 0) return { address, read: length };
    const write = new Uint8Array(payload.subarray(at, at + length));
    at += length;
    return { address, write };
  });
}

function textOf(messages: readonly Message[]): string {
  const text = messages.map((message) => {
    const address = message.address.toString(16).padStart(2, '0');
    if ('read' in message) return `S${address}R[${message.read}]`;
    return `S${address}W[${Buffer.from(message.write).toString('hex')}]`;
  });
  return `${text.join('')}P`;
}
