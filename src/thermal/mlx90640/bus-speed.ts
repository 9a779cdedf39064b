import { EEPROM_WORDS, REFRESH_RATES_HZ, type RefreshRateHz } from './registers.ts';

const BITS_PER_BYTE = 9;
/** START, repeated START and STOP. */
const CONDITION_BITS = 3;
/** Device address twice, register address. */
const ADDRESSING_BYTES = 4;
const EEPROM_BITS = (ADDRESSING_BYTES + 2 * EEPROM_WORDS) * BITS_PER_BYTE + CONDITION_BITS;
/** On the wire for one subpage, bits: a status poll, the clearing of it, the whole RAM, the status again. */
const SUBPAGE_BITS = 15_215;
/** Share of a subpage's period that reading it may take. */
const BUSY_SHARE = 0.8;

/** The bus clock from how long a reading of the whole EEPROM took, Hz. */
export function busHzOf(eepromReadingMs: number): number {
  return (EEPROM_BITS / eepromReadingMs) * 1000;
}

/**
 * The highest refresh rate, up to `ceilingHz`, at which reading a subpage takes no more than 80 % of its period. A
 * Raspberry Pi 4 set to 400 kHz was seen at 165 kHz, for its core clock changes.
 */
export function refreshRateFor(busHz: number, ceilingHz: RefreshRateHz): RefreshRateHz {
  const fitting = REFRESH_RATES_HZ.filter(
    (rateHz) => rateHz <= ceilingHz && (SUBPAGE_BITS / busHz) * rateHz <= BUSY_SHARE,
  );
  return fitting.at(-1) ?? REFRESH_RATES_HZ[0];
}
