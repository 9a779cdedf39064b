import { THERMAL_COLUMNS, THERMAL_PIXELS } from '../../domain/thermogram.ts';
import { type SensorResponse, sensitivityAt } from './sensor-response.ts';

/** The sensor's own state while it takes a subpage. */
export type SensorState = Readonly<{
  /** Die temperature, degC. */
  taC: number;
  supplyV: number;
  /** ADC setting of the control register: 0 to 3 for 16 to 19 bits. */
  resolution: number;
  chess: boolean;
  subpage: 0 | 1;
  /** Emissivity of the scene and the temperature it reflects, degC. */
  emissivity: number;
  reflectedC: number;
}>;

/** Noise in counts: the pixel's, and of the words about the sensor itself; all zero for a silent sensor. */
export type WordNoise = Readonly<{
  pixel: () => number;
  ptat: () => number;
  supplyV: () => number;
}>;

export const SILENT: WordNoise = { pixel: () => 0, ptat: () => 0, supplyV: () => 0 };

/** Places in RAM, from 0x0400: words about the sensor itself (datasheet figure 9). */
const VBE = 768;
const CP_SUBPAGE_0 = 776;
const GAIN = 778;
const PTAT = 800;
const CP_SUBPAGE_1 = 808;
const SUPPLY = 810;

const KELVIN = 273.15;
const NOMINAL_V = 3.3;
/** Base-emitter word of a real sensor near room temperature. */
const TYPICAL_VBE = 19_850;
/** Real sensors clip here; 0x7FFF means "no data". */
const GREATEST_WORD = 32_766;
const PTAT_FULL_SCALE = 2 ** 18;

/** True when the pixel belongs to the subpage (datasheet section 9.2.2: chess, interleaved rows). */
function isInSubpage(pixel: number, subpage: 0 | 1, chess: boolean): boolean {
  const row = Math.floor(pixel / THERMAL_COLUMNS);
  return ((chess ? row + pixel : row) & 1) === subpage;
}

/**
 * Writes the words of one subpage that a sensor of this response, in this state, has when its pixels see `toC` (768
 * true surface temperatures, degC, in the sensor's own pixel order). The calibration formulas of datasheet section
 * 11.2.2, solved for the word. Allocates nothing.
 */
export function writeSubpage(
  ram: Uint16Array,
  response: SensorResponse,
  state: SensorState,
  toC: Float64Array,
  noise: WordNoise,
): void {
  const counts = 2 ** (state.resolution - response.resolution);
  const { taC, supplyV } = writeOwnWords(ram, response, state, counts, noise);
  const overTa = taC - 25;
  const overV = supplyV - NOMINAL_V;

  const gain = response.gain / signed(ram[GAIN] ?? 0);
  const cpWord = signed(ram[state.subpage === 0 ? CP_SUBPAGE_0 : CP_SUBPAGE_1] ?? 0);
  const cp = response.tgc * (cpWord * gain - cpOffset(response, state, state.subpage, overTa, overV));
  const taK4 = (taC + KELVIN) ** 4;
  const reflected = (1 - state.emissivity) * (state.reflectedC + KELVIN) ** 4;
  const sensitivityTa = 1 + response.ksTa * overTa;

  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    if (!isInSubpage(pixel, state.subpage, state.chess)) continue;
    const objectC = toC[pixel] ?? 0;
    const net = state.emissivity * (objectC + KELVIN) ** 4 + reflected - taK4;
    const signal =
      (response.alpha[pixel] ?? 0) * sensitivityTa * sensitivityAt(response.ranges, objectC) * net;
    const offset =
      (response.offset[pixel] ?? 0) *
      (1 + (response.kta[pixel] ?? 0) * overTa) *
      (1 + (response.kv[pixel] ?? 0) * overV);
    const interleaved = state.chess ? 0 : interleavedPart(response, pixel);
    put(ram, pixel, (signal + cp + offset - interleaved) / gain + noise.pixel() * counts);
  }
}

/**
 * Vbe, PTAT, supply, gain and compensation words, consistent with one another. Returns the state that the words without
 * noise tell exactly (Ta within 0.004 degC of the asked one): the pixels are computed for that.
 */
function writeOwnWords(
  ram: Uint16Array,
  response: SensorResponse,
  state: SensorState,
  counts: number,
  noise: WordNoise,
): Readonly<{ taC: number; supplyV: number }> {
  const { ptat } = response;
  const supplyWord = Math.round(((state.supplyV - NOMINAL_V) * response.kVdd + response.vdd25) * counts);
  const overV = (supplyWord / counts - response.vdd25) / response.kVdd;
  const vPtat = (taC: number): number => (ptat.v25 + (taC - 25) * ptat.kt) * (1 + ptat.kv * overV);
  const ratio = vPtat(state.taC) / PTAT_FULL_SCALE;
  const ptatWord = Math.round((TYPICAL_VBE * ratio) / (1 - ratio * ptat.alpha));
  const vbeWord = Math.round(ptatWord / ratio - ptatWord * ptat.alpha);
  const toldRatio = ptatWord / (ptatWord * ptat.alpha + vbeWord);
  const taC = ((toldRatio * PTAT_FULL_SCALE) / (1 + ptat.kv * overV) - ptat.v25) / ptat.kt + 25;

  put(ram, SUPPLY, supplyWord + noise.supplyV() * response.kVdd * counts);
  put(ram, VBE, vbeWord);
  put(ram, PTAT, ptatWord + noise.ptat());
  put(ram, GAIN, response.gain * counts);
  const gain = response.gain / signed(ram[GAIN] ?? 0);
  put(ram, CP_SUBPAGE_0, cpOffset(response, state, 0, taC - 25, overV) / gain);
  put(ram, CP_SUBPAGE_1, cpOffset(response, state, 1, taC - 25, overV) / gain);
  return { taC, supplyV: NOMINAL_V + overV };
}

function cpOffset(
  { cp, chess }: SensorResponse,
  state: SensorState,
  subpage: 0 | 1,
  overTa: number,
  overV: number,
): number {
  const interleaved = subpage === 1 && !state.chess ? chess.c1 : 0;
  return (cp.offset[subpage] + interleaved) * (1 + cp.kta * overTa) * (1 + cp.kv * overV);
}

/** What the interleaved read-out adds for a sensor calibrated in chess mode (datasheet section 11.2.2.5.2). */
function interleavedPart({ chess }: SensorResponse, pixel: number): number {
  const rowParity = (pixel >> 5) & 1;
  const conversion =
    (((pixel + 2) >> 2) - ((pixel + 3) >> 2) + ((pixel + 1) >> 2) - (pixel >> 2)) * (1 - 2 * rowParity);
  return chess.c3 * (2 * rowParity - 1) - chess.c2 * conversion;
}

function put(ram: Uint16Array, at: number, value: number): void {
  ram[at] = Math.round(Math.max(-GREATEST_WORD, Math.min(GREATEST_WORD, value))) & 0xffff;
}

function signed(word: number): number {
  return (word << 16) >> 16;
}
