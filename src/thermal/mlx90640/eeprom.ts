import { THERMAL_COLUMNS, THERMAL_PIXELS } from '../../domain/thermogram.ts';
import { bits, signed16, signedBits, wordAt } from './bits.ts';
import type { Calibration } from './calibration.ts';

/** First pixel word in the EEPROM (address 0x2440). */
export const FIRST_PIXEL_WORD = 64;

/**
 * Restores the calibration from an EEPROM image of 832 words. Never fails: whether the result can be true is
 * `checkEeprom`'s question. Melexis' C library rounds alpha to 16 and kta and kv to 8 bits to save memory; this does not,
 * which moves an object temperature by less than 0.0005 degC in a room and 0.01 degC between -38 and 360 degC.
 */
export function calibrationOf(eeprom: Uint16Array): Calibration {
  const word = (index: number): number => wordAt(eeprom, index);
  const compensation = compensationPixelOf(eeprom);
  const tgc = signedBits(word(60), 0, 8) / 32;
  return {
    kVdd: 32 * signedBits(word(51), 8, 8),
    vdd25: (bits(word(51), 0, 8) - 256) * 32 - 8192,
    kvPtat: signedBits(word(50), 10, 6) / 4096,
    ktPtat: signedBits(word(50), 0, 10) / 8,
    vPtat25: signed16(word(49)),
    alphaPtat: bits(word(16), 12, 4) / 4 + 8,
    gain: signed16(word(48)),
    tgc,
    resolution: bits(word(56), 12, 2),
    ksTa: signedBits(word(60), 8, 8) / 8192,
    ...objectRangesOf(eeprom),
    ...compensation,
    ilChess: [
      signedBits(word(53), 0, 6) / 16,
      signedBits(word(53), 6, 5) / 2,
      signedBits(word(53), 11, 5) / 8,
    ],
    calibratedReadOut: bits(word(10), 11, 1) === 0 ? 'chess' : 'interleaved',
    alpha: alphaOf(eeprom, (tgc * (compensation.cpAlpha[0] + compensation.cpAlpha[1])) / 2),
    offset: offsetOf(eeprom),
    kta: ktaOf(eeprom),
    kv: kvOf(eeprom),
    ...deviatingPixelsOf(eeprom),
  };
}

function objectRangesOf(eeprom: Uint16Array): Pick<Calibration, 'ksTo' | 'ct'> {
  const scales = wordAt(eeprom, 63);
  const low = wordAt(eeprom, 61);
  const high = wordAt(eeprom, 62);
  const unit = 2 ** (bits(scales, 0, 4) + 8);
  const stepC = bits(scales, 12, 2) * 10;
  const ct2 = bits(scales, 4, 4) * stepC;
  return {
    ct: [-40, 0, ct2, ct2 + bits(scales, 8, 4) * stepC],
    ksTo: [
      signedBits(low, 0, 8) / unit,
      signedBits(low, 8, 8) / unit,
      signedBits(high, 0, 8) / unit,
      signedBits(high, 8, 8) / unit,
    ],
  };
}

function compensationPixelOf(
  eeprom: Uint16Array,
): Pick<Calibration, 'cpAlpha' | 'cpOffset' | 'cpKta' | 'cpKv'> {
  const alphaWord = wordAt(eeprom, 57);
  const offsetWord = wordAt(eeprom, 58);
  const slopes = wordAt(eeprom, 59);
  const scales = wordAt(eeprom, 56);
  const alpha0 = signedBits(alphaWord, 0, 10) / 2 ** (bits(wordAt(eeprom, 32), 12, 4) + 27);
  const offset0 = signedBits(offsetWord, 0, 10);
  return {
    cpAlpha: [alpha0, alpha0 * (1 + signedBits(alphaWord, 10, 6) / 128)],
    cpOffset: [offset0, offset0 + signedBits(offsetWord, 10, 6)],
    cpKta: signedBits(slopes, 0, 8) / 2 ** (bits(scales, 4, 4) + 8),
    cpKv: signedBits(slopes, 8, 8) / 2 ** bits(scales, 8, 4),
  };
}

type Pixel = Readonly<{ row: number; column: number; word: number }>;

function perPixel(eeprom: Uint16Array, value: (pixel: Pixel) => number): Float64Array {
  return Float64Array.from({ length: THERMAL_PIXELS }, (_, index) =>
    value({
      row: Math.floor(index / THERMAL_COLUMNS),
      column: index % THERMAL_COLUMNS,
      word: wordAt(eeprom, FIRST_PIXEL_WORD + index),
    }),
  );
}

/** Signed four-bit numbers, four a word, lowest first. */
function nibble(eeprom: Uint16Array, firstWord: number, index: number): number {
  return signedBits(wordAt(eeprom, firstWord + (index >> 2)), 4 * (index & 3), 4);
}

function alphaOf(eeprom: Uint16Array, gradient: number): Float64Array {
  const scales = wordAt(eeprom, 32);
  const reference = wordAt(eeprom, 33);
  const [remnant, column, row] = [bits(scales, 0, 4), bits(scales, 4, 4), bits(scales, 8, 4)];
  const unit = 2 ** (bits(scales, 12, 4) + 30);
  return perPixel(eeprom, (pixel) => {
    const counts =
      reference +
      nibble(eeprom, 34, pixel.row) * 2 ** row +
      nibble(eeprom, 40, pixel.column) * 2 ** column +
      signedBits(pixel.word, 4, 6) * 2 ** remnant;
    return counts / unit - gradient;
  });
}

function offsetOf(eeprom: Uint16Array): Float64Array {
  const scales = wordAt(eeprom, 16);
  const reference = signed16(wordAt(eeprom, 17));
  const [remnant, column, row] = [bits(scales, 0, 4), bits(scales, 4, 4), bits(scales, 8, 4)];
  return perPixel(
    eeprom,
    (pixel) =>
      reference +
      nibble(eeprom, 18, pixel.row) * 2 ** row +
      nibble(eeprom, 24, pixel.column) * 2 ** column +
      signedBits(pixel.word, 10, 6) * 2 ** remnant,
  );
}

/** Picks by parity: rows and columns counted from 0 here, from 1 in the datasheet. */
function byParity(values: readonly [number, number, number, number], { row, column }: Pixel): number {
  const [evenEven, evenOdd, oddEven, oddOdd] = values;
  if (row % 2 === 0) return column % 2 === 0 ? evenEven : evenOdd;
  return column % 2 === 0 ? oddEven : oddOdd;
}

function ktaOf(eeprom: Uint16Array): Float64Array {
  const evenColumns = wordAt(eeprom, 54);
  const oddColumns = wordAt(eeprom, 55);
  const scales = wordAt(eeprom, 56);
  const unit = 2 ** (bits(scales, 4, 4) + 8);
  const remnantUnit = 2 ** bits(scales, 0, 4);
  const means = [
    signedBits(evenColumns, 8, 8),
    signedBits(oddColumns, 8, 8),
    signedBits(evenColumns, 0, 8),
    signedBits(oddColumns, 0, 8),
  ] as const;
  return perPixel(
    eeprom,
    (pixel) => (byParity(means, pixel) + signedBits(pixel.word, 1, 3) * remnantUnit) / unit,
  );
}

function kvOf(eeprom: Uint16Array): Float64Array {
  const word = wordAt(eeprom, 52);
  const unit = 2 ** bits(wordAt(eeprom, 56), 8, 4);
  const means = [
    signedBits(word, 12, 4),
    signedBits(word, 4, 4),
    signedBits(word, 8, 4),
    signedBits(word, 0, 4),
  ] as const;
  return perPixel(eeprom, (pixel) => byParity(means, pixel) / unit);
}

function deviatingPixelsOf(eeprom: Uint16Array): Pick<Calibration, 'broken' | 'outlier'> {
  const broken: number[] = [];
  const outlier: number[] = [];
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    const word = wordAt(eeprom, FIRST_PIXEL_WORD + pixel);
    if (word === 0) broken.push(pixel);
    else if (bits(word, 0, 1) === 1) outlier.push(pixel);
  }
  return { broken, outlier };
}
