import type { Duplex } from 'node:stream';
import { type I2cBus, I2cError } from '../../../src/ports/i2c-bus.ts';

/** One of the chip's four GPIO pins. */
export type Pin = Readonly<{ level: 0 | 1; output: boolean }>;

const REPORT_BYTES = 64;
const DATA_BYTES = 60;
const PINS = 4;

/** Commands (MCP2221 datasheet DS20005565, section 3.1). */
const STATUS_OR_PARAMETERS = 0x10;
const GET_I2C_DATA = 0x40;
const SET_GPIO = 0x50;
const GET_GPIO = 0x51;
const WRITE = 0x90;
const READ = 0x91;
const READ_AFTER_REPEATED_START = 0x93;
const WRITE_WITHOUT_STOP = 0x94;

const CANCEL_TRANSFER = 0x10;
const SET_SPEED = 0x20;
const NOT_ACKNOWLEDGED = 0x40;

/** States of the I2C engine. */
const ENGINE = { idle: 0x00, startTimeout: 0x12, addressNack: 0x25, readComplete: 0x55 } as const;

type Write = Readonly<{ address: number; length: number; bytes: readonly number[] }>;

/**
 * An MCP2221 USB-I2C and GPIO chip at the level of its HID reports, in front of a bus with something on it. It clocks a
 * transfer while the host waits for the answer, where the chip itself answers first.
 */
export class Mcp2221 {
  readonly #bus: I2cBus;
  #pins: readonly Pin[] = Array.from({ length: PINS }, () => ({ level: 0, output: false }));
  #writing: Write | null = null;
  #pending: Write | null = null;
  #received: Uint8Array = new Uint8Array(0);
  #engine: number = ENGINE.idle;
  /** Levels set since power-on, in order. */
  readonly edges: Readonly<{ pin: number; level: 0 | 1 }>[] = [];
  /** Reports answered. */
  reports = 0;

  constructor(bus: I2cBus) {
    this.#bus = bus;
  }

  get pins(): readonly Pin[] {
    return this.#pins;
  }

  /** Answers the reports that come by this stream. */
  async serve(stream: Duplex): Promise<void> {
    let waiting: Buffer = Buffer.alloc(0);
    for await (const chunk of stream) {
      waiting = Buffer.concat([waiting, chunk as Buffer]);
      while (waiting.length >= REPORT_BYTES) {
        stream.write(await this.answer(waiting.subarray(0, REPORT_BYTES)));
        waiting = waiting.subarray(REPORT_BYTES);
      }
    }
  }

  async answer(asked: Buffer): Promise<Buffer> {
    this.reports++;
    const reply = Buffer.alloc(REPORT_BYTES);
    const command = asked[0] ?? 0;
    reply[0] = command;
    if (command === STATUS_OR_PARAMETERS) this.#status(asked, reply);
    else if (command === WRITE || command === WRITE_WITHOUT_STOP) await this.#write(asked, command);
    else if (command === READ || command === READ_AFTER_REPEATED_START) await this.#read(asked, reply);
    else if (command === GET_I2C_DATA) this.#giveData(reply);
    else if (command === SET_GPIO) this.#setPins(asked, reply);
    else if (command === GET_GPIO) this.#givePins(reply);
    return reply;
  }

  #status(asked: Buffer, reply: Buffer): void {
    if (asked[2] === CANCEL_TRANSFER) this.#engine = ENGINE.idle;
    if (asked[3] === SET_SPEED) {
      reply[3] = SET_SPEED;
      reply[4] = asked[4] ?? 0;
    }
    if (this.#engine === ENGINE.addressNack) reply[20] = NOT_ACKNOWLEDGED;
    else reply[8] = this.#engine;
  }

  /** A write comes in portions of 60 bytes and is clocked when it is whole. */
  async #write(asked: Buffer, command: number): Promise<void> {
    const address = (asked[3] ?? 0) >> 1;
    const length = asked.readUInt16LE(1);
    const before = this.#writing?.bytes ?? [];
    const bytes = [...before, ...asked.subarray(4, 4 + Math.min(DATA_BYTES, length - before.length))];
    const write = { address, length, bytes };
    this.#writing = bytes.length < length ? write : null;
    if (this.#writing !== null) return;
    if (command === WRITE_WITHOUT_STOP) this.#pending = write;
    else await this.#transfer(write, 0);
  }

  async #read(asked: Buffer, reply: Buffer): Promise<void> {
    const address = (asked[3] ?? 0) >> 1;
    const write = this.#pending ?? { address, length: 0, bytes: [] };
    this.#pending = null;
    await this.#transfer(write, asked.readUInt16LE(1));
    if (this.#engine === ENGINE.idle) return;
    reply[1] = 1;
    reply[2] = this.#engine;
    // The kernel's driver cancels only after a refused status, so a refused read must not stay refused.
    this.#engine = ENGINE.idle;
  }

  async #transfer({ address, bytes }: Write, readLength: number): Promise<void> {
    this.#received = new Uint8Array(0);
    try {
      this.#received = await this.#bus.transfer(address, Uint8Array.from(bytes), readLength);
      this.#engine = ENGINE.idle;
    } catch (error) {
      if (!(error instanceof I2cError)) throw error;
      this.#engine = error.code === 'no-acknowledge' ? ENGINE.addressNack : ENGINE.startTimeout;
    }
  }

  /** Every portion is marked as the last one is: drivers before Linux 6.14 take no other mark. */
  #giveData(reply: Buffer): void {
    const portion = this.#received.subarray(0, DATA_BYTES);
    reply[2] = ENGINE.readComplete;
    reply[3] = portion.length;
    reply.set(portion, 4);
    this.#received = this.#received.subarray(portion.length);
  }

  /** Four bytes a pin: change the level, level, change the direction, direction (1: input). */
  #setPins(asked: Buffer, reply: Buffer): void {
    asked.copy(reply, 2, 2, 2 + 4 * PINS);
    this.#pins = this.#pins.map((pin, number) => {
      const [changeLevel, level, changeDirection, direction] = asked.subarray(2 + 4 * number);
      const newLevel = changeLevel ? (level ? 1 : 0) : pin.level;
      if (changeLevel) this.edges.push({ pin: number, level: newLevel });
      return { level: newLevel, output: changeDirection ? direction === 0 : pin.output };
    });
  }

  #givePins(reply: Buffer): void {
    for (const [number, { level, output }] of this.#pins.entries()) {
      reply[2 + 2 * number] = level;
      reply[3 + 2 * number] = output ? 0 : 1;
    }
  }
}
