/** An I2C bus whose two wires are lines of a GPIO chip too, with a device that can hold its data line low. */
export type BitBangedBus = Readonly<{
  chip: number;
  sda: number;
  scl: number;
  /** Whether a device is stuck in the middle of a byte. */
  isStuck(): boolean;
  /** Nine clock pulses and a STOP: the device is as new. */
  freed(): void;
}>;

/** What a device needs to finish the byte it is stuck in, and its acknowledge. */
const PULSES_TO_FINISH = 9;

/** Watches the wires of a bus like the logic of a device does. */
export class StuckDevice {
  readonly bus: BitBangedBus;
  #pulses = 0;
  #letGo = false;
  #scl: 0 | 1 = 1;

  constructor(bus: BitBangedBus) {
    this.bus = bus;
  }

  get holdsDataLow(): boolean {
    return this.bus.isStuck() && !this.#letGo;
  }

  onClock(level: 0 | 1): void {
    this.#scl = level;
    if (!this.bus.isStuck()) this.#forget();
    else if (level === 1) this.#pulses++;
    // Data changes while the clock is low, else it would be a START or a STOP.
    else if (this.#pulses >= PULSES_TO_FINISH) this.#letGo = true;
  }

  onData(level: 0 | 1): void {
    const stop = level === 1 && this.#scl === 1;
    if (!stop || !this.#letGo || !this.bus.isStuck()) return;
    this.#forget();
    this.bus.freed();
  }

  #forget(): void {
    this.#pulses = 0;
    this.#letGo = false;
  }
}
