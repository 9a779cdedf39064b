import { type DeviatingPixelStatus, deviatingPixelStatus } from './bad-pixels.ts';
import { bits, wordAt } from './bits.ts';
import type { Calibration } from './calibration.ts';
import { calibrationOf, FIRST_PIXEL_WORD } from './eeprom.ts';
import { EEPROM_WORDS } from './registers.ts';

/** Why an EEPROM image is refused, by kind. */
type EepromFault =
  | 'length'
  | 'blank'
  | 'unread-words'
  | 'other-device'
  | 'implausible'
  | 'broken-pixels'
  | 'outlier-pixels'
  | 'deviating-pixels'
  | 'adjacent-pixels';

/** A calibration to work with, or why there is none. */
export type EepromCheck =
  | Readonly<{ ok: true; calibration: Calibration }>
  | Readonly<{ ok: false; code: EepromFault; reason: string }>;

/** Pixel words of 0xFFFF that a real sensor might have; a disturbed read brings many. */
const MOST_ALL_ONES = 2;

/** What real sensors lie well within: [name, value, lowest, highest]. */
type Limit = readonly [string, number, number, number];

/**
 * Judges an EEPROM image before anything is computed from it. The sensor has no checksum, and field reports of corrupted
 * images are common; most pass Melexis' library unnoticed. Limits enclose five real sensors and the datasheet's example
 * with margin.
 */
export function checkEeprom(eeprom: Uint16Array): EepromCheck {
  if (eeprom.length !== EEPROM_WORDS) {
    return refused('length', `${EEPROM_WORDS} words expected, ${eeprom.length} found`);
  }
  const early = blankFault(eeprom) ?? deviceFault(eeprom) ?? pixelWordFault(eeprom);
  if (early !== null) return early;
  const calibration = calibrationOf(eeprom);
  return plausibilityFault(calibration) ?? deviatingFault(calibration) ?? { ok: true, calibration };
}

type Refusal = Extract<EepromCheck, { ok: false }>;

function refused(code: EepromFault, reason: string): Refusal {
  return { ok: false, code, reason };
}

function blankFault(eeprom: Uint16Array): Refusal | null {
  const parameters = eeprom.subarray(16, FIRST_PIXEL_WORD);
  if (parameters.every((word) => word === 0)) return refused('blank', 'all parameter words are 0');
  if (parameters.every((word) => word === 0xffff)) return refused('blank', 'all parameter words are 0xFFFF');
  return null;
}

function deviceFault(eeprom: Uint16Array): Refusal | null {
  if (bits(wordAt(eeprom, 10), 6, 1) === 0 || wordAt(eeprom, 10) === 0xffff) return null;
  return refused('other-device', 'word 0x240A says MLX90641, not MLX90640');
}

function pixelWordFault(eeprom: Uint16Array): Refusal | null {
  const allOnes = eeprom.subarray(FIRST_PIXEL_WORD).filter((word) => word === 0xffff).length;
  if (allOnes <= MOST_ALL_ONES) return null;
  return refused('unread-words', `${allOnes} pixel words are 0xFFFF, as after a disturbed read`);
}

function plausibilityFault(calibration: Calibration): Refusal | null {
  for (const [name, value, lowest, highest] of limitsOf(calibration)) {
    if (!(value >= lowest && value <= highest)) {
      return refused('implausible', `${name} is ${value}, expected ${lowest} to ${highest}`);
    }
  }
  return null;
}

function limitsOf(calibration: Calibration): readonly Limit[] {
  const { alpha, offset, kta, kv, ksTo, ct, broken } = calibration;
  // A broken pixel's word is 0: its own values mean nothing.
  const sound = (_: number, pixel: number): boolean => !broken.includes(pixel);
  const spanOf = (table: Float64Array): readonly [number, number] => {
    const values = table.filter(sound);
    const judged = values.length === 0 ? table : values;
    return [Math.min(...judged), Math.max(...judged)];
  };
  const [alphaLow, alphaHigh] = spanOf(alpha);
  const [offsetLow, offsetHigh] = spanOf(offset);
  const [ktaLow, ktaHigh] = spanOf(kta);
  return [
    ['gain', calibration.gain, 4000, 9000],
    ['vPTAT25', calibration.vPtat25, 11_500, 13_000],
    ['KtPTAT', calibration.ktPtat, 38, 46],
    ['KvPTAT', calibration.kvPtat, -0.01, 0.01],
    ['alphaPTAT', calibration.alphaPtat, 8, 10],
    ['kVdd', calibration.kVdd, -3600, -2700],
    ['vdd25', calibration.vdd25, -14_000, -11_500],
    ...ksTo.map((value, range): Limit => [`KsTo${range + 1}`, value, -0.01, 0.01]),
    ['CT3', ct[2], 1, 450],
    ['CT4', ct[3], ct[2] + 1, 600],
    ['lowest pixel alpha', alphaLow, 1e-8, 3e-7],
    ['highest pixel alpha', alphaHigh, 1e-8, 3e-7],
    ['lowest pixel offset', offsetLow, -400, 400],
    ['highest pixel offset', offsetHigh, -400, 400],
    ['lowest pixel Kta', ktaLow, -0.05, 0.05],
    ['highest pixel Kta', ktaHigh, -0.05, 0.05],
    ['lowest pixel Kv', Math.min(...kv), -2, 2],
    ['highest pixel Kv', Math.max(...kv), -2, 2],
  ];
}

const DEVIATING: Readonly<Record<Exclude<DeviatingPixelStatus, 0>, readonly [EepromFault, string]>> = {
  [-3]: ['broken-pixels', 'more than 4 pixels are broken'],
  [-4]: ['outlier-pixels', 'more than 4 pixels are outliers'],
  [-5]: ['deviating-pixels', 'more than 4 pixels are broken or outliers'],
  [-6]: ['adjacent-pixels', 'two broken or outlier pixels touch'],
};

function deviatingFault(calibration: Calibration): Refusal | null {
  const status = deviatingPixelStatus(calibration);
  if (status === 0) return null;
  const [code, what] = DEVIATING[status];
  const { broken, outlier } = calibration;
  return refused(
    code,
    `${what} (${broken.length} broken, ${outlier.length} outliers; Melexis error ${status})`,
  );
}
