import { THERMAL_COLUMNS, THERMAL_PIXELS, THERMAL_ROWS } from '../../domain/thermogram.ts';
import type { Clock } from '../../ports/clock.ts';
import { type I2cBus, I2cError } from '../../ports/i2c-bus.ts';
import type { ThermalScene } from '../thermal-scene.ts';
import { SILENT, writeSubpage } from './ram-words.ts';
import { type SensorNoise, seededNoise } from './sensor-noise.ts';
import { responseOf, type SensorResponse } from './sensor-response.ts';

/** What can be wrong with a sensor or its cable. */
export type SensorFault = 'none' | 'absent' | 'stuck';

export type VirtualSensorOptions = Readonly<{
  clock: Clock;
  eeprom: Uint16Array;
  scene: ThermalScene;
  /** Bus clock, Hz; every byte takes its time. */
  busHz?: number;
  /** Absent: a noise-free sensor. */
  noise?: Readonly<{ seed: number }>;
  /** Whether column 0 of the RAM sees the right-hand side of the scene, as on a sensor looking at a visitor. */
  mirrored?: boolean;
  /** When the supply came on, ms on the clock; the die warms up from then. */
  poweredOnAtMs?: number;
}>;

const ADDRESS = 0x33;
const RAM = 0x0400;
const RAM_WORDS = 832;
const EEPROM = 0x2400;
const STATUS = 0x8000;
const CONTROL = 0x800d;
const I2C_CONFIGURATION = 0x800f;
const DEFAULT_CONTROL = 0x1901;
const RATES_HZ = [0.5, 1, 2, 4, 8, 16, 32, 64] as const;
const NEW_DATA = 0x0008;
const OVERWRITE = 0x0010;
/** Datasheet section 10.1: first valid data 40 ms and one period after the supply. */
const POWER_ON_MS = 40;
const BITS_PER_BYTE = 9;
/** Start, stop, repeated start and the address bytes of a combined transfer. */
const READ_OVERHEAD_BITS = 4 * BITS_PER_BYTE + 3;
const SKIN_EMISSIVITY = 0.98;
const SUPPLY_V = 3.3;
/** The die settles so far above the surroundings, and the picture so far off before it has. */
const SELF_HEATING_C = 8;
const MS_PER_MINUTE = 60_000;
const SELF_HEATING_MS = 60_000;
const COLD_ERROR_C = -1.5;
const COLD_ERROR_MS = 80_000;
/** What unused words of a real sensor's RAM hold. */
const FILL_WORD = 1;
const NO_DATA = 0x7fff;

/**
 * An MLX90640 at the level of its registers. It measures subpage after subpage by the clock, and answers transfers word
 * by word in the time they take on the bus, so late, torn and missed reads happen as they do on a real one.
 */
export class VirtualMlx90640 implements I2cBus {
  readonly #clock: Clock;
  readonly #eeprom: Uint16Array;
  readonly #response: SensorResponse;
  readonly #scene: ThermalScene;
  readonly #noise: SensorNoise | null;
  readonly #busHz: number;
  readonly #mirrored: boolean;
  readonly #poweredOnAtMs: number;
  readonly #ram = new Uint16Array(RAM_WORDS).fill(FILL_WORD, THERMAL_PIXELS);
  readonly #seenC = new Float64Array(THERMAL_PIXELS);
  readonly #sensorC = new Float64Array(THERMAL_PIXELS);
  #status = 0;
  #control = DEFAULT_CONTROL;
  /** The control word that the running subpage is measured with. */
  #running = DEFAULT_CONTROL;
  #nextSubpage: 0 | 1 = 0;
  #nextReadyMs: number;
  #fault: SensorFault = 'none';
  #invalidWords: readonly number[] = [];
  /** Writes to the EEPROM: there must be none, ten of them wear it out. */
  eepromWrites = 0;
  /** Subpages measured since power-on, read or not. */
  subpagesMeasured = 0;
  /** When the newest subpage was ready, ms on the clock. */
  readyAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: VirtualSensorOptions) {
    this.#clock = options.clock;
    this.#eeprom = options.eeprom.slice();
    this.#response = responseOf(options.eeprom);
    this.#scene = options.scene;
    this.#noise = options.noise === undefined ? null : seededNoise(options.noise.seed);
    this.#busHz = options.busHz ?? 400_000;
    this.#mirrored = options.mirrored ?? true;
    this.#poweredOnAtMs = options.poweredOnAtMs ?? options.clock.nowMs();
    this.#nextReadyMs = Math.max(this.#clock.nowMs(), this.#poweredOnAtMs) + POWER_ON_MS + this.#periodMs();
  }

  /** Pulls the cable, holds the bus, or mends it. A sensor plugged in again has its power-on settings. */
  setFault(fault: SensorFault): void {
    if (this.#fault === 'absent' && fault === 'none') {
      this.#status = 0;
      this.#control = DEFAULT_CONTROL;
      this.#running = DEFAULT_CONTROL;
      this.#nextSubpage = 0;
      this.#nextReadyMs = this.#clock.nowMs() + POWER_ON_MS + this.#periodMs();
    }
    this.#fault = fault;
  }

  /** Changes a word of the EEPROM, as rot or a stray write does. */
  corruptEeprom(word: number, value: number): void {
    this.#eeprom[word] = value;
  }

  /** These RAM words say "no data" from the next subpage on. */
  invalidate(words: readonly number[]): void {
    this.#invalidWords = words;
  }

  /** How far all pixels together have drifted, degC: what no thermometry can know without a reference. */
  get commonDriftC(): number {
    return this.#noise?.commonDriftC() ?? 0;
  }

  async transfer(address: number, write: Uint8Array, readLength: number): Promise<Uint8Array> {
    if (this.#fault === 'stuck') {
      await this.#clock.sleep(this.#bitsMs(100));
      throw new I2cError('bus-stuck', 'SDA is held low');
    }
    if (address !== ADDRESS || this.#fault === 'absent') {
      await this.#clock.sleep(this.#bitsMs(BITS_PER_BYTE + 2));
      throw new I2cError('no-acknowledge', `no answer from 0x${address.toString(16)}`);
    }
    const sent = new DataView(write.buffer, write.byteOffset, write.byteLength);
    const register = sent.getUint16(0);
    if (readLength > 0) return this.#read(register, readLength);
    await this.#clock.sleep(this.#bitsMs((1 + write.length) * BITS_PER_BYTE + 2));
    this.#measureUntil(this.#clock.nowMs());
    for (let at = 2; at + 1 < write.length; at += 2)
      this.#writeWord(register + at / 2 - 1, sent.getUint16(at));
    return new Uint8Array(0);
  }

  /** Words leave as they are clocked out: those after a subpage is ready are already the new one's. */
  async #read(register: number, length: number): Promise<Uint8Array> {
    const words = length / 2;
    const bytes = new DataView(new ArrayBuffer(length));
    const wordMs = this.#bitsMs(2 * BITS_PER_BYTE);
    let atMs = this.#clock.nowMs() + this.#bitsMs(READ_OVERHEAD_BITS);
    let word = 0;
    while (word < words) {
      this.#measureUntil(atMs);
      const untilChange = Math.max(1, Math.ceil((this.#nextReadyMs - atMs) / wordMs));
      const end = Math.min(words, word + untilChange);
      atMs += (end - word) * wordMs;
      for (; word < end; word++) bytes.setUint16(2 * word, this.#readWord(register + word));
      await this.#clock.sleep(atMs - this.#clock.nowMs());
    }
    if (this.#fault !== 'none')
      throw new I2cError('no-acknowledge', 'the sensor went away during a transfer');
    return new Uint8Array(bytes.buffer);
  }

  #readWord(register: number): number {
    if (register >= EEPROM && register < EEPROM + this.#eeprom.length)
      return this.#eeprom[register - EEPROM] ?? 0;
    if (register >= RAM && register < RAM + RAM_WORDS) return this.#ram[register - RAM] ?? 0;
    if (register === STATUS) return this.#status;
    if (register === CONTROL) return this.#control;
    return 0;
  }

  #writeWord(register: number, value: number): void {
    if (register >= EEPROM && register < EEPROM + this.#eeprom.length) this.eepromWrites++;
    else if (register === STATUS) {
      const newData = this.#status & value & NEW_DATA;
      this.#status = (this.#status & 0x0007) | (value & 0x0030) | newData;
    } else if (register === CONTROL) this.#control = value;
    else if (register !== I2C_CONFIGURATION)
      throw new I2cError('no-acknowledge', `0x${register.toString(16)} is read-only`);
  }

  #periodMs(): number {
    return 1000 / (RATES_HZ[(this.#running >> 7) & 7] ?? 2);
  }

  #bitsMs(bits: number): number {
    return (bits / this.#busHz) * 1000;
  }

  #measureUntil(atMs: number): void {
    while (this.#nextReadyMs <= atMs) {
      this.#finishSubpage(this.#nextReadyMs);
      // A change of the control register takes effect with the next subpage (datasheet section 9.3).
      this.#running = this.#control;
      this.#nextReadyMs += this.#periodMs();
    }
  }

  #finishSubpage(readyMs: number): void {
    this.subpagesMeasured++;
    this.readyAtMs = readyMs;
    const subpage = this.#nextSubpage;
    this.#nextSubpage = subpage === 0 ? 1 : 0;
    if ((this.#status & NEW_DATA) !== 0 && (this.#status & OVERWRITE) === 0 && this.subpagesMeasured > 1)
      return;
    const midMs = readyMs - this.#periodMs() / 2;
    const poweredMs = midMs - this.#poweredOnAtMs;
    this.#look(midMs, COLD_ERROR_C * Math.exp(-poweredMs / COLD_ERROR_MS));
    const refreshRateHz = 1000 / this.#periodMs();
    const ambientC =
      this.#scene.ambientC + ((this.#scene.ambientSlopeCPerMinute ?? 0) * midMs) / MS_PER_MINUTE;
    writeSubpage(
      this.#ram,
      this.#response,
      {
        taC: ambientC + SELF_HEATING_C * (1 - Math.exp(-poweredMs / SELF_HEATING_MS)),
        supplyV: SUPPLY_V,
        resolution: (this.#running >> 10) & 3,
        chess: (this.#running & 0x1000) !== 0,
        subpage,
        emissivity: SKIN_EMISSIVITY,
        reflectedC: ambientC,
      },
      this.#sensorC,
      this.#noise?.words(refreshRateHz) ?? SILENT,
    );
    for (const word of this.#invalidWords) this.#ram[word] = NO_DATA;
    this.#status = (this.#status & ~0x0007) | NEW_DATA | subpage;
  }

  /** What each pixel reads, in the sensor's own order. */
  #look(atMs: number, errorC: number): void {
    this.#scene.render(atMs, this.#seenC);
    for (let row = 0; row < THERMAL_ROWS; row++) {
      for (let column = 0; column < THERMAL_COLUMNS; column++) {
        const seen = this.#mirrored ? THERMAL_COLUMNS - 1 - column : column;
        this.#sensorC[row * THERMAL_COLUMNS + column] =
          (this.#seenC[row * THERMAL_COLUMNS + seen] ?? 0) + errorC;
      }
    }
    this.#noise?.drift(atMs, this.#sensorC);
  }
}
