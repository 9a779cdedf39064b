import { THERMAL_COLUMNS, THERMAL_PIXELS } from '../../domain/thermogram.ts';
import { signed16, wordAt } from './bits.ts';
import type { Calibration } from './calibration.ts';
import { resolutionCode, SUBPAGE_WORDS, WORD } from './registers.ts';
import { readOutOf, type TemperatureDecoder } from './temperature.ts';

/** One subpage as the sensor gave it. */
export type RawSubpage = Readonly<{
  /** 834 words: RAM 0x0400..0x073F, control register 0x800D, subpage number. */
  words: Uint16Array;
  /** When it was ready, ms on the gate's monotonic clock. */
  atMs: number;
}>;

/** Why a subpage can not be true, by kind. */
type SubpageFault = 'length' | 'subpage-number' | 'saturated' | 'supply-voltage' | 'die-temperature' | 'gain';

/** What a subpage's auxiliary words say, or why they can not be true. */
export type SubpageCheck =
  | Readonly<{ ok: true; vddV: number; taC: number; gainRatio: number }>
  | Readonly<{ ok: false; code: SubpageFault; reason: string }>;

/** Read in place of a word that the ADC could not convert, or that got lost. */
const SATURATED = 0x7fff;
/** Auxiliary words that are never 0x7FFF; the others are clipped copies of PTAT and VBE, and may be. */
const AUXILIARY_NEVER_SATURATED = [
  [0, 0],
  [8, 18],
  [20, 22],
  [24, 32],
  [40, 50],
  [52, 54],
  [56, 63],
] as const;
/** The datasheet's operating range (table 1), V. */
const VDD_V = [3.0, 3.6] as const;
/** The datasheet's operating range (table 1), degC. */
const TA_C = [-40, 85] as const;
/** The gain word drifts by a few percent with Ta; beyond this much it was not read right. */
const GAIN_RATIO = [0.8, 1.2] as const;

/** Judges one raw subpage before its pixels are computed. */
export function checkSubpage(
  words: Uint16Array,
  calibration: Calibration,
  decoder: TemperatureDecoder,
): SubpageCheck {
  const fault: Refusal | null = shapeFault(words) ?? saturationFault(words);
  if (fault !== null) return fault;
  const vddV = decoder.vddV(words);
  const taC = decoder.taC(words, vddV);
  const gainRatio = gainRatioOf(words, calibration);
  return (
    outside('supply-voltage', `supply of ${vddV.toFixed(3)} V`, vddV, VDD_V) ??
    outside('die-temperature', `die temperature of ${taC.toFixed(2)} degC`, taC, TA_C) ??
    outside('gain', `gain word at ${gainRatio.toFixed(3)} of the calibrated one`, gainRatio, GAIN_RATIO) ?? {
      ok: true,
      vddV,
      taC,
      gainRatio,
    }
  );
}

type Refusal = Extract<SubpageCheck, { ok: false }>;

function refused(code: SubpageFault, reason: string): Refusal {
  return { ok: false, code, reason };
}

function shapeFault(words: Uint16Array): Refusal | null {
  if (words.length !== SUBPAGE_WORDS) {
    return refused('length', `${SUBPAGE_WORDS} words expected, ${words.length} found`);
  }
  const subpage = wordAt(words, WORD.subpage);
  if (subpage > 1) return refused('subpage-number', `subpage 0 or 1 expected, ${subpage} found`);
  return null;
}

function saturationFault(words: Uint16Array): Refusal | null {
  for (const [first, last] of AUXILIARY_NEVER_SATURATED) {
    const index = words.subarray(WORD.auxiliary + first, WORD.auxiliary + last + 1).indexOf(SATURATED);
    if (index >= 0) return refused('saturated', `auxiliary word ${first + index} is 0x7FFF`);
  }
  let pixel = words.indexOf(SATURATED);
  while (pixel >= 0 && pixel < THERMAL_PIXELS) {
    if (isInSubpage(words, pixel)) return refused('saturated', `pixel ${pixel} is 0x7FFF`);
    pixel = words.indexOf(SATURATED, pixel + 1);
  }
  return null;
}

/** Whether a subpage brings a new value of this pixel. */
function isInSubpage(words: Uint16Array, pixel: number): boolean {
  const row = Math.floor(pixel / THERMAL_COLUMNS);
  const pattern = readOutOf(words) === 'chess' ? row + pixel : row;
  return (pattern & 1) === wordAt(words, WORD.subpage);
}

/** The gain word over the calibrated one, at the same ADC resolution. */
function gainRatioOf(words: Uint16Array, { gain, resolution }: Calibration): number {
  const scale = 2 ** (resolution - resolutionCode(wordAt(words, WORD.control)));
  return (signed16(wordAt(words, WORD.gain)) * scale) / gain;
}

function outside(
  code: SubpageFault,
  what: string,
  value: number,
  [lowest, highest]: readonly [number, number],
): Refusal | null {
  if (value >= lowest && value <= highest) return null;
  return refused(code, `${what}, ${lowest} to ${highest} expected`);
}
