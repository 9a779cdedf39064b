/** Memory map of the MLX90640 (datasheet 3901090640 rev 12, section 10.4). Addresses count 16-bit words. */
export const REGISTER = {
  /** 768 pixel words, then 64 auxiliary words (table 6). */
  ram: 0x0400,
  /** Calibration and identity (table 9). Never written: it takes plain writes and lasts ten of them. */
  eeprom: 0x2400,
  /** Which subpage is in RAM, and whether it is new (table 3). */
  status: 0x8000,
  /** Refresh rate, ADC resolution, read-out pattern (table 4). */
  control: 0x800d,
  /** I2C address; a write goes to the EEPROM cell behind it. */
  i2cAddress: 0x8010,
} as const;

/** Factory I2C address, 7-bit. */
export const DEFAULT_I2C_ADDRESS = 0x33;
/** Words of the EEPROM, 0x2400..0x273F. */
export const EEPROM_WORDS = 832;
/** Words of the RAM, 0x0400..0x073F. */
export const RAM_WORDS = 832;
/** RAM, then control register, then subpage number: what decoding one subpage needs. */
export const SUBPAGE_WORDS = 834;

/** Places in a raw subpage (RAM address less 0x0400; datasheet table 6). */
export const WORD = {
  auxiliary: 768,
  vbe: 768,
  compensationPixel0: 776,
  gain: 778,
  ptat: 800,
  compensationPixel1: 808,
  vdd: 810,
  control: 832,
  subpage: 833,
} as const;

/** Status register bits (datasheet table 3). */
export const STATUS = {
  subpageMask: 0x0007,
  newData: 0x0008,
  /** Written after a subpage was noticed: clears "new data", lets the sensor overwrite RAM. */
  clear: 0x0030,
} as const;

/** Control register bits (datasheet table 4). Bits 13..15 are reserved and kept as found. */
export const CONTROL = {
  subpagesEnabled: 0x0001,
  dataHold: 0x0004,
  repeatSubpage: 0x0008,
  refreshShift: 7,
  refreshMask: 0x0380,
  resolutionShift: 10,
  resolutionMask: 0x0c00,
  chess: 0x1000,
} as const;

/** Subpages per second, by the code in control register bits 7..9. */
export const REFRESH_RATES_HZ = [0.5, 1, 2, 4, 8, 16, 32, 64] as const;
export type RefreshRateHz = (typeof REFRESH_RATES_HZ)[number];

/** ADC resolutions, by the code in control register bits 10..11. */
export const ADC_BITS = [16, 17, 18, 19] as const;
export type AdcBits = (typeof ADC_BITS)[number];

/** Time between two subpages that a control word asks for, ms. */
export function subpagePeriodMs(control: number): number {
  const code = (control & CONTROL.refreshMask) >> CONTROL.refreshShift;
  return 2000 / 2 ** code;
}

/** ADC resolution code 0..3 of a control word. */
export function resolutionCode(control: number): number {
  return (control & CONTROL.resolutionMask) >> CONTROL.resolutionShift;
}
