import { THERMAL_COLUMNS, THERMAL_PIXELS } from '../../domain/thermogram.ts';
import { signed16 } from './bits.ts';
import type { Calibration, ReadOut } from './calibration.ts';
import { CONTROL, resolutionCode, WORD } from './registers.ts';

const NOMINAL_VDD_V = 3.3;
const NOMINAL_TA_C = 25;
const ZERO_C_IN_K = 273.15;
/** The die runs about this much warmer than the air around the sensor, K (datasheet section 11.2.2.9). */
const DIE_ABOVE_ROOM_K = 8;

/** What object temperatures are computed under. */
type Conditions = Readonly<{
  /** V */
  vddV: number;
  /** degC */
  taC: number;
  /** 0..1; skin 0.98. */
  emissivity: number;
  /** Temperature of what the object reflects, degC; null: 8 K below the die. */
  reflectedC: number | null;
}>;

/** Turns raw subpages of one sensor into temperatures. Holds tables; allocates nothing per subpage. */
export interface TemperatureDecoder {
  /** Supply voltage, V (datasheet section 11.2.2.2). `words` as in a raw subpage. */
  vddV(words: Uint16Array): number;
  /** Die temperature, degC (datasheet section 11.2.2.3). */
  taC(words: Uint16Array, vddV: number): number;
  /**
   * Writes the object temperatures of the subpage's 384 pixels into `toC` (768, row-major), degC, and leaves the others
   * alone (datasheet sections 11.2.2.4 to 11.2.2.9, all four ranges). NaN where the arithmetic has no real result.
   */
  toC(words: Uint16Array, conditions: Conditions, toC: Float64Array | Float32Array): void;
}

/** How a subpage's pixels are laid out, from its control word. */
export function readOutOf(words: Uint16Array): ReadOut {
  return ((words[WORD.control] as number) & CONTROL.chess) === 0 ? 'interleaved' : 'chess';
}

/**
 * The pixels of one parity of row and column: 192 of 768. Two such groups make a subpage, in either read-out, and a
 * group shares its offset slope with the supply (kv).
 */
type Group = Readonly<{
  pixel: Uint16Array;
  offset: Float64Array;
  /** offset x kta */
  offsetKta: Float64Array;
  inverseAlpha: Float64Array;
  /** Added counts when the read-out is not the calibrated one. */
  readOutCorrection: Float64Array;
  kv: number;
}>;

function groupOf(calibration: Calibration, oddRow: 0 | 1, oddColumn: 0 | 1): Group {
  const pixel = Uint16Array.from(
    Array.from({ length: THERMAL_PIXELS }, (_, index) => index).filter(
      (index) => (Math.floor(index / THERMAL_COLUMNS) & 1) === oddRow && (index & 1) === oddColumn,
    ),
  );
  const gather = (value: (index: number) => number): Float64Array => Float64Array.from(pixel, value);
  const { alpha, offset, kta, kv } = calibration;
  return {
    pixel,
    offset: gather((index) => offset[index] as number),
    offsetKta: gather((index) => (offset[index] as number) * (kta[index] as number)),
    inverseAlpha: gather((index) => 1 / (alpha[index] as number)),
    readOutCorrection: gather((index) => readOutCorrectionOf(calibration, index)),
    kv: kv[pixel[0] as number] as number,
  };
}

const GROUP_PIXELS = THERMAL_PIXELS / 4;

/** Datasheet section 11.2.2.5.2. */
function readOutCorrectionOf({ ilChess }: Calibration, index: number): number {
  const quarter = (shift: number): number => (index + shift) >> 2;
  const oddRow = Math.floor(index / THERMAL_COLUMNS) & 1;
  const conversion = (quarter(2) - quarter(3) + quarter(1) - quarter(0)) * (1 - 2 * oddRow);
  return ilChess[2] * (2 * oddRow - 1) - ilChess[1] * conversion;
}

/** The two groups of each subpage. */
function subpageGroups(calibration: Calibration): Record<ReadOut, readonly [Group[], Group[]]> {
  const evenEven = groupOf(calibration, 0, 0);
  const evenOdd = groupOf(calibration, 0, 1);
  const oddEven = groupOf(calibration, 1, 0);
  const oddOdd = groupOf(calibration, 1, 1);
  return {
    chess: [
      [evenEven, oddOdd],
      [evenOdd, oddEven],
    ],
    interleaved: [
      [evenEven, evenOdd],
      [oddEven, oddOdd],
    ],
  };
}

/** In range r the sensitivity is alpha x (base[r] + slope[r] x To), continuous over the borders (11.2.2.9.1.3). */
function rangeLinesOf({ ksTo, ct }: Calibration): Readonly<{ base: Float64Array; slope: Float64Array }> {
  const atStart2 = 1 + ksTo[1] * ct[2];
  const atStart = [1 / (1 + ksTo[0] * 40), 1, atStart2, atStart2 * (1 + ksTo[2] * (ct[3] - ct[2]))] as const;
  const slope = Float64Array.from(atStart, (start, range) => start * (ksTo[range] as number));
  const base = Float64Array.from(
    atStart,
    (start, range) => start - (slope[range] as number) * (ct[range] as number),
  );
  return { base, slope };
}

/** Numbers common to all pixels of one subpage; one object, filled anew for each. */
type Common = {
  gain: number;
  /** TGC x compensation pixel, counts. */
  gradient: number;
  /** 1 / (emissivity x (1 + KsTa (Ta - 25))) */
  perAlpha: number;
  dTa: number;
  dVdd: number;
  /** Radiation of the surroundings, K^4. */
  taTr: number;
  otherReadOut: boolean;
};

/**
 * Builds the decoder of one sensor. It follows Melexis' C library where that departs from the datasheet: the mean of
 * both compensation pixels' alpha, the emissivity applied after the gradient compensation, and the range pass always.
 * (The datasheet's worked example, printed as 80.36 degC, comes out as 80.15 by its own formulas and 80.186 here and in
 * the C library.) The library's S_x steps are reduced to one number a pixel, x = V / (emissivity alpha (1 + KsTa dTa)):
 *   T0 = (x + TaTr)^1/4,  T1 = (x / (1 + KsTo2 (T0 - 273.15)) + TaTr)^1/4,  To likewise from T1 in its range.
 */
export function createTemperatureDecoder(calibration: Calibration): TemperatureDecoder {
  const groups = subpageGroups(calibration);
  const common: Common = {
    gain: 1,
    gradient: 0,
    perAlpha: 1,
    dTa: 0,
    dVdd: 0,
    taTr: 0,
    otherReadOut: false,
  };
  const lines = rangeLinesOf(calibration);
  const radiation = new Float64Array(GROUP_PIXELS);
  const firstK = new Float64Array(GROUP_PIXELS);

  /** x and T0 of a group's pixels. In a pass of its own: the roots of several pixels then overlap in the processor. */
  const firstPass = (group: Group, words: Uint16Array): void => {
    const { pixel, offset, offsetKta, inverseAlpha, readOutCorrection } = group;
    const { gain, gradient, perAlpha, dTa, taTr, otherReadOut } = common;
    const supply = 1 + group.kv * common.dVdd;
    for (let i = 0; i < GROUP_PIXELS; i++) {
      const drift = ((offset[i] as number) + (offsetKta[i] as number) * dTa) * supply;
      const raw = ((words[pixel[i] as number] as number) << 16) >> 16;
      let counts = raw * gain - drift - gradient;
      if (otherReadOut) counts += readOutCorrection[i] as number;
      const x = counts * (inverseAlpha[i] as number) * perAlpha;
      radiation[i] = x;
      firstK[i] = Math.sqrt(Math.sqrt(x + taTr));
    }
  };

  /** T1 and To from them. */
  const secondPass = ({ pixel }: Group, toC: Float64Array | Float32Array): void => {
    const { taTr } = common;
    const { base, slope } = lines;
    const [, ct1, ct2, ct3] = calibration.ct;
    const ks = calibration.ksTo[1];
    const ks0 = 1 - ks * ZERO_C_IN_K;
    for (let i = 0; i < GROUP_PIXELS; i++) {
      const x = radiation[i] as number;
      const second = Math.sqrt(Math.sqrt(x / (ks0 + ks * (firstK[i] as number)) + taTr)) - ZERO_C_IN_K;
      const range = second < ct2 ? (second < ct1 ? 0 : 1) : second < ct3 ? 2 : 3;
      const sensitivity = (base[range] as number) + (slope[range] as number) * second;
      toC[pixel[i] as number] = Math.sqrt(Math.sqrt(x / sensitivity + taTr)) - ZERO_C_IN_K;
    }
  };

  return {
    vddV: (words) => supplyVoltage(calibration, words),
    taC: (words, vddV) => dieTemperature(calibration, words, vddV),
    toC(words, conditions, toC) {
      const readOut = readOutOf(words);
      fillCommon(common, calibration, words, conditions);
      const [first, second] = groups[readOut][(words[WORD.subpage] as number) & 1] as Group[];
      firstPass(first as Group, words);
      secondPass(first as Group, toC);
      firstPass(second as Group, words);
      secondPass(second as Group, toC);
    },
  };
}

function supplyVoltage({ resolution, vdd25, kVdd }: Calibration, words: Uint16Array): number {
  const scale = 2 ** (resolution - resolutionCode(words[WORD.control] as number));
  return (scale * signed16(words[WORD.vdd] as number) - vdd25) / kVdd + NOMINAL_VDD_V;
}

function dieTemperature(calibration: Calibration, words: Uint16Array, vddV: number): number {
  const { alphaPtat, kvPtat, ktPtat, vPtat25 } = calibration;
  const ptat = signed16(words[WORD.ptat] as number);
  const vbe = signed16(words[WORD.vbe] as number);
  const ptatArt = (ptat / (ptat * alphaPtat + vbe)) * 2 ** 18;
  return (ptatArt / (1 + kvPtat * (vddV - NOMINAL_VDD_V)) - vPtat25) / ktPtat + NOMINAL_TA_C;
}

function fillCommon(common: Common, calibration: Calibration, words: Uint16Array, scene: Conditions): void {
  common.gain = calibration.gain / signed16(words[WORD.gain] as number);
  common.dTa = scene.taC - NOMINAL_TA_C;
  common.dVdd = scene.vddV - NOMINAL_VDD_V;
  common.otherReadOut = readOutOf(words) !== calibration.calibratedReadOut;
  common.gradient = calibration.tgc * compensationCounts(common, calibration, words);
  common.perAlpha = 1 / (scene.emissivity * (1 + calibration.ksTa * common.dTa));
  const reflectedC = scene.reflectedC ?? scene.taC - DIE_ABOVE_ROOM_K;
  const reflected4 = fourthPower(reflectedC + ZERO_C_IN_K);
  common.taTr = reflected4 - (reflected4 - fourthPower(scene.taC + ZERO_C_IN_K)) / scene.emissivity;
}

function fourthPower(value: number): number {
  return value * value * value * value;
}

/** The subpage's compensation pixel, offset removed, counts (datasheet section 11.2.2.6). */
function compensationCounts(common: Common, calibration: Calibration, words: Uint16Array): number {
  const { cpOffset, cpKta, cpKv, ilChess } = calibration;
  const drift = (1 + cpKta * common.dTa) * (1 + cpKv * common.dVdd);
  if (((words[WORD.subpage] as number) & 1) === 0) {
    return signed16(words[WORD.compensationPixel0] as number) * common.gain - cpOffset[0] * drift;
  }
  const offset = common.otherReadOut ? cpOffset[1] + ilChess[0] : cpOffset[1];
  return signed16(words[WORD.compensationPixel1] as number) * common.gain - offset * drift;
}
