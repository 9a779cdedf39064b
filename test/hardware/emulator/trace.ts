import type { ErrnoName } from './errno.ts';

/** One I2C transaction, from START to STOP. */
export type I2cEntry = Readonly<{
  kind: 'i2c';
  /** When the system call arrived, and when it was answered. */
  atMs: number;
  endMs: number;
  bus: number;
  /** As in `S33W[2400]S33R[1664]P`: bytes written in hex, number of bytes read. */
  text: string;
  outcome: 'ok' | 'short' | ErrnoName;
  /** How many other transactions of the same bus were under way when it arrived. */
  alongside: number;
}>;

/** A wire of a GPIO chip changes its electrical level. */
export type EdgeEntry = Readonly<{
  kind: 'edge';
  atMs: number;
  chip: number;
  line: number;
  level: 0 | 1;
  /** Who drives it; null: something outside, as a device on the wire. */
  consumer: string | null;
}>;

/** A line is taken or given back. */
export type LineEntry = Readonly<{
  kind: 'request' | 'release';
  atMs: number;
  chip: number;
  line: number;
  consumer: string;
  activeLow: boolean;
  direction: 'input' | 'output';
  drive: 'push-pull' | 'open-drain' | 'open-source';
  /** Logical value it was requested with. */
  initial: 0 | 1;
}>;

/** A file of a PWM chip is written. */
export type PwmEntry = Readonly<{
  kind: 'pwm';
  atMs: number;
  /** As in `pwmchip0/pwm2/period`. */
  file: string;
  text: string;
  outcome: 'ok' | ErrnoName;
}>;

export type TraceEntry = I2cEntry | EdgeEntry | LineEntry | PwmEntry;

/** What happened at the emulated hardware, in order; times are ms of its clock. */
export class Trace {
  readonly entries: TraceEntry[] = [];

  get i2c(): readonly I2cEntry[] {
    return this.entries.filter((entry) => entry.kind === 'i2c');
  }

  get edges(): readonly EdgeEntry[] {
    return this.entries.filter((entry) => entry.kind === 'edge');
  }

  get lines(): readonly LineEntry[] {
    return this.entries.filter(
      (entry): entry is LineEntry => entry.kind === 'request' || entry.kind === 'release',
    );
  }

  get pwm(): readonly PwmEntry[] {
    return this.entries.filter((entry) => entry.kind === 'pwm');
  }

  /** The transactions as text, in the order of their answers. */
  get transactions(): readonly string[] {
    return this.i2c.map(({ text }) => text);
  }

  clear(): void {
    this.entries.length = 0;
  }
}
