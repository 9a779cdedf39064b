import { calibrationOf } from '../../../src/thermal/mlx90640/eeprom.ts';
import { createTemperatureDecoder } from '../../../src/thermal/mlx90640/temperature.ts';
import { readSharedJson } from '../../support/shared-data.ts';

/** One subpage with what Melexis' C library made of it. */
export type Expected = Readonly<{
  note: string;
  words: Uint16Array;
  emissivity: number;
  reflectedC: number | null;
  vddV: number;
  taC: number;
  toC: readonly (number | null)[];
}>;

type Case = Readonly<{
  note: string;
  emissivity: number;
  reflected_c: number | null;
  frame: number[];
  vdd_v: number;
  ta_c: number;
  to_c: (number | null)[];
}>;

type Recorded = Readonly<{ eeprom: number[]; cases: Case[] }>;

type Derived = Readonly<{
  eeprom?: number[];
  frames: number[][];
  emissivity: number;
  tr: number | 'Ta-8';
  c: Readonly<{ frames: readonly Readonly<{ vdd: number; ta: number; to: (number | null)[] }>[] }>;
}>;

export function melexisEeprom(): Uint16Array {
  return Uint16Array.from(readSharedJson<Recorded>('mlx90640/melexis-example.json').eeprom);
}

/** `melexis-example` or `second-sensor`. */
export function recordedVectors(name: string): { eeprom: Uint16Array; expected: Expected[] } {
  const { eeprom, cases } = readSharedJson<Recorded>(`mlx90640/${name}.json`);
  const expected = cases.map((one) => ({
    note: one.note,
    words: Uint16Array.from(one.frame),
    emissivity: one.emissivity,
    reflectedC: one.reflected_c,
    vddV: one.vdd_v,
    taC: one.ta_c,
    toC: one.to_c,
  }));
  return { eeprom: Uint16Array.from(eeprom), expected };
}

/** A file of `derived/` with frames and the C library's results. */
export function derivedVectors(name: string): { eeprom: Uint16Array; expected: Expected[] } {
  const { eeprom, frames, emissivity, tr, c } = readSharedJson<Derived>(`mlx90640/derived/${name}.json`);
  const expected = frames.map((frame, index) => ({
    note: `frame ${index}`,
    words: Uint16Array.from(frame),
    emissivity,
    reflectedC: tr === 'Ta-8' ? null : tr,
    vddV: c.frames[index]?.vdd ?? Number.NaN,
    taC: c.frames[index]?.ta ?? Number.NaN,
    toC: onlyOwnPixels(frame, c.frames[index]?.to ?? []),
  }));
  return { eeprom: eeprom === undefined ? melexisEeprom() : Uint16Array.from(eeprom), expected };
}

/** The library leaves the other subpage's pixels from the frame before; those are not this frame's. */
function onlyOwnPixels(frame: readonly number[], toC: readonly (number | null)[]): (number | null)[] {
  const chess = ((frame[832] ?? 0) & 0x1000) !== 0;
  return toC.map((value, pixel) => {
    const row = pixel >> 5;
    const pattern = chess ? (row + pixel) & 1 : row & 1;
    return pattern === frame[833] ? value : null;
  });
}

export type Errors = { vddV: number; taC: number; toC: number; compared: number };

/** Largest differences of our decoding from the expectations, within object temperatures `from`..`to`. */
export function worstErrors(
  eeprom: Uint16Array,
  expected: readonly Expected[],
  [from, to] = [-100, 1000],
): Errors {
  const decoder = createTemperatureDecoder(calibrationOf(eeprom));
  const worst: Errors = { vddV: 0, taC: 0, toC: 0, compared: 0 };
  for (const one of expected) {
    const vddV = decoder.vddV(one.words);
    const taC = decoder.taC(one.words, vddV);
    const toC = new Float64Array(768).fill(Number.NaN);
    decoder.toC(one.words, { vddV, taC, emissivity: one.emissivity, reflectedC: one.reflectedC }, toC);
    worst.vddV = Math.max(worst.vddV, Math.abs(vddV - one.vddV));
    worst.taC = Math.max(worst.taC, Math.abs(taC - one.taC));
    one.toC.forEach((value, pixel) => {
      const ours = toC[pixel] ?? 0;
      if (value === null || value < from || value > to) return;
      worst.compared++;
      // A value of ours that is missing must not hide behind NaN comparisons.
      const error = Math.abs(ours - value);
      worst.toC = Math.max(worst.toC, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
    });
  }
  return worst;
}
