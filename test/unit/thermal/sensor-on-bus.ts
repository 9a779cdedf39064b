import type { Clock } from '../../../src/ports/clock.ts';
import { type I2cBus, I2cError, type I2cErrorCode } from '../../../src/ports/i2c-bus.ts';
import { CONTROL, REGISTER, STATUS, subpagePeriodMs } from '../../../src/thermal/mlx90640/registers.ts';

/** A clock that stands still but for `sleep` and what the bus takes. */
export class HeldClock implements Clock {
  ms = 1000;
  nowMs(): number {
    return this.ms;
  }
  wallTime(): Readonly<{ unixMs: number; trusted: boolean }> {
    return { unixMs: 0, trusted: false };
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.ms += ms;
    await Promise.resolve();
    signal?.throwIfAborted();
  }
}

/** What the bus saw of one transfer. */
export type Seen = Readonly<{ address: number; register: number; word: number | null; words: number }>;

/** A small register model of the sensor on a bus, with the faults a driver must survive. */
export class SensorOnBus implements I2cBus {
  readonly seen: Seen[] = [];
  /** Errors thrown by the next transfers, in order; null lets one pass. */
  failures: (I2cErrorCode | null)[] = [];
  /** Changes a read EEPROM, by reading number. */
  disturbEeprom: (words: Uint16Array, reading: number) => void = () => undefined;
  /** How long one RAM burst takes, ms. */
  burstMs = 15;
  /** How long a reading of the EEPROM takes, ms. */
  eepromMs = 0;
  /** The sensor stops making subpages from here, ms. */
  stopsAtMs = Number.POSITIVE_INFINITY;
  /** Which subpage comes n-th. */
  subpageAt: (count: number) => number = (count) => count & 1;
  refuseControl = false;
  control = 0x1901;
  status = 0;
  readonly eeprom: Uint16Array;
  readonly ram = new Uint16Array(832);
  private readonly clock: HeldClock;
  private nextAtMs: number;
  private made = 0;
  private eepromReadings = 0;

  constructor(eeprom: Uint16Array, clock: HeldClock) {
    this.eeprom = eeprom;
    this.clock = clock;
    this.nextAtMs = clock.ms + subpagePeriodMs(this.control);
  }

  get subpagesMade(): number {
    return this.made;
  }

  async transfer(address: number, write: Uint8Array, readLength: number): Promise<Uint8Array> {
    await Promise.resolve();
    const failure = this.failures.shift() ?? null;
    if (failure !== null) throw new I2cError(failure, 'made up');
    const view = new DataView(write.buffer, write.byteOffset, write.byteLength);
    const register = view.getUint16(0);
    const word = write.length >= 4 ? view.getUint16(2) : null;
    this.seen.push({ address, register, word, words: readLength / 2 });
    this.advance();
    if (word !== null) this.take(register, word);
    return this.answer(register, readLength / 2);
  }

  private take(register: number, word: number): void {
    if (register === REGISTER.status) {
      this.status = (this.status & ~STATUS.newData) | (word & 0x30);
    } else if (register === REGISTER.control && !this.refuseControl) {
      this.control = word;
    }
  }

  private answer(register: number, count: number): Uint8Array {
    const words = Uint16Array.from({ length: count }, (_, index) => this.wordAt(register + index));
    if (register === REGISTER.eeprom) {
      this.clock.ms += this.eepromMs;
      this.disturbEeprom(words, ++this.eepromReadings);
    }
    if (register === REGISTER.ram) this.clock.ms += this.burstMs;
    const bytes = new Uint8Array(2 * count);
    const view = new DataView(bytes.buffer);
    words.forEach((word, index) => {
      view.setUint16(2 * index, word);
    });
    return bytes;
  }

  private wordAt(register: number): number {
    if (register >= 0x2400 && register < 0x2740) return this.eeprom[register - 0x2400] ?? 0;
    if (register >= 0x0400 && register < 0x0740) return this.ram[register - 0x0400] ?? 0;
    if (register === REGISTER.status) return this.status;
    return register === REGISTER.control ? this.control : 0;
  }

  /** Makes the subpages that were due. A new rate counts from the subpage after the running one. */
  private advance(): void {
    while (this.nextAtMs <= this.clock.ms && this.nextAtMs <= this.stopsAtMs) {
      this.status = (this.status & ~STATUS.subpageMask) | STATUS.newData | this.subpageAt(this.made);
      this.ram[0] = this.made & 0xffff;
      this.made++;
      const period = subpagePeriodMs(this.control);
      this.nextAtMs += (this.control & CONTROL.subpagesEnabled) === 0 ? period * 2 : period;
    }
  }
}
