import type { Clock } from '../../../src/ports/clock.ts';
import { type BitBangedBus, StuckDevice } from './bit-banged-bus.ts';
import { KernelError } from './errno.ts';
import type { Answer } from './protocol.ts';
import type { LineEntry, Trace } from './trace.ts';

export type EmulatedChip = Readonly<{ number: number; label: string; lines: number }>;

/** Structures of the GPIO character device, uAPI v2 (linux/gpio.h). */
const REQUEST = {
  consumer: 256,
  flags: 288,
  attributeCount: 296,
  padding: 300,
  attributes: 320,
  attributeBytes: 24,
  lineCount: 560,
} as const;
const OUTPUT_VALUES = 2;
const FLAG = { activeLow: 2n, input: 4n, output: 8n, openDrain: 64n, openSource: 128n } as const;
/** A Raspberry Pi's lines 0 to 8 are pulled up after power-on, the others down. */
const LAST_PULLED_UP = 8;

type Level = 0 | 1;
type Held = Omit<LineEntry, 'kind' | 'atMs'>;
type Wire = { driven: Level | null; level: Level };

/** A line that a process holds. */
export type HeldLine = Readonly<{ held: Held; key: string }>;

/** The kernel's GPIO chips and the electrical levels of their lines. */
export class GpioChips {
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #chips: readonly EmulatedChip[];
  readonly #wires = new Map<string, Wire>();
  readonly #held = new Map<string, HeldLine>();
  readonly #devices: readonly StuckDevice[];

  constructor(
    clock: Clock,
    trace: Trace,
    chips: readonly EmulatedChip[],
    bitBanged: readonly BitBangedBus[],
  ) {
    this.#clock = clock;
    this.#trace = trace;
    this.#chips = chips;
    this.#devices = bitBanged.map((bus) => new StuckDevice(bus));
  }

  open(number: number): number {
    return this.#chip(number).number;
  }

  info(number: number): Answer {
    const { label, lines } = this.#chip(number);
    const data = Buffer.alloc(68);
    data.write(`gpiochip${number}`, 0);
    data.write(label, 32, 31);
    data.writeUInt32LE(lines, 64);
    return { result: 0, data };
  }

  /** GPIO_V2_GET_LINE for one line. */
  request(payload: Buffer): HeldLine {
    const chip = this.#chip(payload.readUInt32LE(0));
    const held = heldOf(chip, payload.subarray(4));
    const key = `${chip.number}:${held.line}`;
    if (this.#held.has(key)) throw new KernelError('EBUSY');
    const holder = { held, key };
    this.#held.set(key, holder);
    this.#trace.entries.push({ kind: 'request', atMs: this.#clock.nowMs(), ...held });
    this.#drive(holder, held.direction === 'output' ? held.initial : null);
    return holder;
  }

  setValues(holder: HeldLine, values: Buffer): Answer {
    if (holder.held.direction !== 'output') throw new KernelError('EPERM');
    if ((values.readBigUInt64LE(8) & 1n) === 0n) throw new KernelError('EINVAL');
    this.#drive(holder, (values.readBigUInt64LE(0) & 1n) === 1n ? 1 : 0);
    return { result: 0 };
  }

  getValues({ held, key }: HeldLine): Answer {
    const data = Buffer.alloc(16);
    data.writeBigUInt64LE(BigInt(this.#wire(key).level ^ (held.activeLow ? 1 : 0)), 0);
    data.writeBigUInt64LE(1n, 8);
    return { result: 0, data };
  }

  /** Given back, or its holder died. The line stays driven, as the Raspberry Pi's kernel leaves it. */
  release({ held, key }: HeldLine): void {
    if (!this.#held.delete(key)) return;
    this.#trace.entries.push({ kind: 'release', atMs: this.#clock.nowMs(), ...held });
  }

  level(chip: number, line: number): Level {
    return this.#wire(`${chip}:${line}`).level;
  }

  /** Electrical levels of all lines that were ever taken, by `chip:line`. */
  levels(): Readonly<Record<string, Level>> {
    return Object.fromEntries([...this.#wires].map(([key, { level }]) => [key, level]));
  }

  /** Who holds which line now. */
  holders(): readonly Held[] {
    return [...this.#held.values()].map(({ held }) => held);
  }

  #drive({ held, key }: HeldLine, value: Level | null): void {
    const wire = this.#wire(key);
    const wanted: Level | null = value === null ? null : ((value ^ (held.activeLow ? 1 : 0)) as Level);
    const released =
      (held.drive === 'open-drain' && wanted === 1) || (held.drive === 'open-source' && wanted === 0);
    wire.driven = released ? null : wanted;
    // An open output lets the wire go to where its resistor pulls it.
    const rest = released && wanted !== null ? wanted : pull(held.line);
    this.#settle(held.chip, held.line, wire.driven ?? rest, held.consumer);
  }

  #settle(chip: number, line: number, wanted: Level, consumer: string | null): void {
    const device = this.#devices.find(
      ({ bus }) => bus.chip === chip && (bus.sda === line || bus.scl === line),
    );
    const isData = device?.bus.sda === line;
    const level = isData && device.holdsDataLow ? 0 : wanted;
    const wire = this.#wire(`${chip}:${line}`);
    if (wire.level === level) return;
    wire.level = level;
    this.#trace.entries.push({ kind: 'edge', atMs: this.#clock.nowMs(), chip, line, level, consumer });
    if (device === undefined) return;
    if (isData) device.onData(level);
    else this.#clocked(device, level);
  }

  /** The device may let its data line go. */
  #clocked(device: StuckDevice, level: Level): void {
    const { chip, sda } = device.bus;
    const held = device.holdsDataLow;
    device.onClock(level);
    const data = this.#wire(`${chip}:${sda}`);
    if (held && !device.holdsDataLow && data.driven !== 0) this.#settle(chip, sda, 1, null);
  }

  #chip(number: number): EmulatedChip {
    const chip = this.#chips.find((one) => one.number === number);
    if (chip === undefined) throw new KernelError('ENOENT');
    return chip;
  }

  #wire(key: string): Wire {
    const known = this.#wires.get(key);
    if (known !== undefined) return known;
    const wire: Wire = { driven: null, level: pull(Number(key.split(':')[1])) };
    this.#wires.set(key, wire);
    return wire;
  }
}

function pull(line: number): Level {
  return line <= LAST_PULLED_UP ? 1 : 0;
}

/** Reads the request as strictly as the kernel does. */
function heldOf({ number: chip, lines }: EmulatedChip, request: Buffer): Held {
  const flags = request.readBigUInt64LE(REQUEST.flags);
  const has = (flag: bigint): boolean => (flags & flag) !== 0n;
  const line = request.readUInt32LE(0);
  const known = FLAG.activeLow | FLAG.input | FLAG.output | FLAG.openDrain | FLAG.openSource;
  const padding = request.subarray(REQUEST.padding, REQUEST.attributes);
  const wrong =
    request.readUInt32LE(REQUEST.lineCount) !== 1 ||
    line >= lines ||
    (flags & ~known) !== 0n ||
    padding.some((byte) => byte !== 0) ||
    has(FLAG.input) === has(FLAG.output) ||
    (has(FLAG.openDrain) && has(FLAG.openSource)) ||
    (has(FLAG.openDrain) && !has(FLAG.output)) ||
    (has(FLAG.openSource) && !has(FLAG.output));
  if (wrong) throw new KernelError('EINVAL');
  const consumer = request.toString('utf8', REQUEST.consumer, REQUEST.flags);
  return {
    chip,
    line,
    consumer: consumer.slice(0, consumer.indexOf('\0')),
    activeLow: has(FLAG.activeLow),
    direction: has(FLAG.output) ? 'output' : 'input',
    drive: has(FLAG.openDrain) ? 'open-drain' : has(FLAG.openSource) ? 'open-source' : 'push-pull',
    initial: initialOf(request),
  };
}

function initialOf(request: Buffer): Level {
  let initial: Level = 0;
  for (let index = 0; index < request.readUInt32LE(REQUEST.attributeCount); index++) {
    const at = REQUEST.attributes + index * REQUEST.attributeBytes;
    const ofLine = (request.readBigUInt64LE(at + 16) & 1n) === 1n;
    if (ofLine && request.readUInt32LE(at) === OUTPUT_VALUES)
      initial = (request.readBigUInt64LE(at + 8) & 1n) === 1n ? 1 : 0;
  }
  return initial;
}
