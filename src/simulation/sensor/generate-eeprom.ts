import type { ThermalLens } from '../../domain/optics.ts';
import { THERMAL_COLUMNS, THERMAL_PIXELS, THERMAL_ROWS } from '../../domain/thermogram.ts';
import { type Random, seededRandom } from '../random.ts';
import {
  EEPROM_WORDS,
  type FieldName,
  type NibbleRun,
  PIXEL_WORDS_AT,
  type PixelPart,
  signedRange,
  writeField,
  writeNibble,
  writePixel,
} from './eeprom-layout.ts';

/** Which sensor to make up. */
export type GeneratedSensor = Readonly<{
  lens: ThermalLens;
  seed: number;
  /** Pixels whose word is zero. */
  broken?: readonly number[];
  /** Pixels marked as outliers. */
  outliers?: readonly number[];
}>;

/** Shape of a lens' sensitivity, read off real sensors: centre value and what is left of it in a corner. */
const SENSITIVITY: Readonly<
  Record<ThermalLens, Readonly<{ scale: number; centre: number; cornerShare: number }>>
> = {
  BAB: { scale: 8, centre: 5.6e-8, cornerShare: 1 / 1.6 },
  BAA: { scale: 7, centre: 1.2e-7, cornerShare: 1 / 3.2 },
};

/** Words with the same value on every sensor seen. */
const FIXED_WORDS: readonly (readonly [word: number, value: number])[] = [
  [0, 0x00ae],
  [1, 0x499a],
  [3, 0x2061],
  [4, 0x0005],
  [5, 0x0320],
  [6, 0x03e0],
  [10, 0x0499],
  [12, 0x1901],
  [15, 0xbe33],
];
/** EEPROM word 0x240A of the wide lens' sensors. */
const BAA_TYPE_WORD = 0x048d;

/** An EEPROM of the shape and in the ranges of real MLX90640 sensors; the same seed gives the same sensor. */
export function generateEeprom({ lens, seed, broken = [], outliers = [] }: GeneratedSensor): Uint16Array {
  const random = seededRandom(seed);
  const eeprom = new Uint16Array(EEPROM_WORDS);
  for (const [word, value] of FIXED_WORDS) eeprom[word] = value;
  if (lens === 'BAA') eeprom[10] = BAA_TYPE_WORD;
  const fields = scalarsOf(lens, random);
  for (const name of Object.keys(fields) as FieldName[]) writeField(eeprom, name, fields[name] ?? 0);
  writeSensitivity(eeprom, lens, random);
  writeOffsets(eeprom, random);
  for (let pixel = 0; pixel < THERMAL_PIXELS; pixel++) {
    writePixel(eeprom, pixel, 'kta', Math.round(clamp(random.normal(), -4, 3)));
    const word = PIXEL_WORDS_AT + pixel;
    // A real sensor's good pixel is never all zero: that would mean broken.
    if (eeprom[word] === 0) writePixel(eeprom, pixel, 'kta', 1);
  }
  for (const pixel of outliers) eeprom[PIXEL_WORDS_AT + pixel] = (eeprom[PIXEL_WORDS_AT + pixel] ?? 0) | 1;
  for (const pixel of broken) eeprom[PIXEL_WORDS_AT + pixel] = 0;
  return eeprom;
}

/** Everything but the pixels; ranges as on five real sensors. */
function scalarsOf(lens: ThermalLens, random: Random): Partial<Record<FieldName, number>> {
  const whole = (from: number, to: number): number => Math.floor(from + random.uniform() * (to - from + 1));
  return {
    id1: whole(1, 0xfffe),
    id2: whole(1, 0xfffe),
    id3: whole(1, 0x01ff),
    alphaPtat: 4,
    offsetScaleRow: 2,
    offsetScaleColumn: 1,
    offsetScaleRemnant: 0,
    offsetAverage: whole(-66, -56),
    alphaScale: SENSITIVITY[lens].scale,
    gain: whole(5580, 6010),
    vPtat25: whole(12_188, 12_196),
    kvPtat: whole(9, 13),
    ktPtat: whole(339, 342),
    kVdd: whole(-100, -90),
    vdd25: whole(120, 139),
    kvEvenEven: whole(6, 7),
    kvOddEven: whole(6, 7),
    kvEvenOdd: 6,
    kvOddOdd: 6,
    chessC1: whole(6, 10),
    chessC2: whole(5, 7),
    chessC3: 0,
    ktaEvenEven: whole(54, 60),
    ktaOddEven: whole(54, 58),
    ktaEvenOdd: whole(50, 54),
    ktaOddOdd: whole(48, 52),
    resolution: 2,
    kvScale: 4,
    ktaScale1: 5,
    ktaScale2: 2,
    cpAlpha: whole(95, 105),
    cpAlphaRatio: 1,
    cpOffset: whole(-72, -66),
    cpOffsetDelta: whole(2, 4),
    cpKta: whole(32, 36),
    cpKv: 6,
    tgc: 0,
    ksTa: -20,
    ksTo1: -105,
    ksTo2: -105,
    ksTo3: -105,
    ksTo4: -105,
    ksToScale: 11,
    ct3: 15,
    ct4: 10,
    ctStep: 2,
  };
}

function writeSensitivity(eeprom: Uint16Array, lens: ThermalLens, random: Random): void {
  const { scale, centre, cornerShare } = SENSITIVITY[lens];
  const perUnit = 2 ** (scale + 30);
  const target = grid((row, column) => {
    const y = (row - (THERMAL_ROWS - 1) / 2) / (THERMAL_ROWS / 2);
    const x = (column - (THERMAL_COLUMNS - 1) / 2) / (THERMAL_COLUMNS / 2);
    const fall = ((1 - cornerShare) * (0.45 * y * y + 0.55 * x * x)) / 0.96;
    return centre * (1 - fall) * (1 + 0.012 * random.normal()) * perUnit;
  });
  writeAdditively(eeprom, target, {
    row: 'alphaRow',
    column: 'alphaColumn',
    pixel: 'alpha',
    average: 'alphaAverage',
    scales: ['alphaScaleRow', 'alphaScaleColumn', 'alphaScaleRemnant'],
  });
}

function writeOffsets(eeprom: Uint16Array, random: Random): void {
  const rows = Array.from(
    { length: THERMAL_ROWS },
    (_, row) => (row % 2 === 0 ? 3 : -3) + 2 * random.normal(),
  );
  const columns = Array.from(
    { length: THERMAL_COLUMNS },
    (_, column) => (column % 2 === 0 ? 2 : -2) + random.normal(),
  );
  const average = -61;
  const target = grid(
    (row, column) => average + (rows[row] ?? 0) + (columns[column] ?? 0) + 6 * random.normal(),
  );
  writeAdditively(eeprom, target, {
    row: 'offsetRow',
    column: 'offsetColumn',
    pixel: 'offset',
    average: 'offsetAverage',
    scales: ['offsetScaleRow', 'offsetScaleColumn', 'offsetScaleRemnant'],
  });
}

/** Where the parts of a picture go; the scales are of row, column and pixel part. */
type Parts = Readonly<{
  row: NibbleRun;
  column: NibbleRun;
  pixel: PixelPart;
  average: FieldName;
  scales: readonly [FieldName, FieldName, FieldName];
}>;

const NIBBLE_BITS = 4;
const PIXEL_PART_BITS = 6;

/** Splits a picture into average, row, column and pixel parts, each with the smallest power-of-two step that holds it. */
function writeAdditively(eeprom: Uint16Array, target: Float64Array, parts: Parts): void {
  const average = Math.round(mean(target));
  const rows = Array.from(
    { length: THERMAL_ROWS },
    (_, row) => mean(target.subarray(row * THERMAL_COLUMNS, (row + 1) * THERMAL_COLUMNS)) - average,
  );
  const columns = Array.from(
    { length: THERMAL_COLUMNS },
    (_, column) => mean(target.filter((_, pixel) => pixel % THERMAL_COLUMNS === column)) - average,
  );
  const rowScale = scaleFor(rows, NIBBLE_BITS);
  const columnScale = scaleFor(columns, NIBBLE_BITS);
  const rowParts = rows.map((value) => stored(value, rowScale, NIBBLE_BITS));
  const columnParts = columns.map((value) => stored(value, columnScale, NIBBLE_BITS));
  rowParts.forEach((value, row) => void writeNibble(eeprom, parts.row, row, value));
  columnParts.forEach((value, column) => void writeNibble(eeprom, parts.column, column, value));

  const remnants = Array.from(target, (value, pixel) => {
    const row = (rowParts[Math.floor(pixel / THERMAL_COLUMNS)] ?? 0) * 2 ** rowScale;
    const column = (columnParts[pixel % THERMAL_COLUMNS] ?? 0) * 2 ** columnScale;
    return value - average - row - column;
  });
  const remnantScale = scaleFor(remnants, PIXEL_PART_BITS);
  remnants.forEach(
    (value, pixel) =>
      void writePixel(eeprom, pixel, parts.pixel, stored(value, remnantScale, PIXEL_PART_BITS)),
  );
  writeField(eeprom, parts.average, average);
  writeField(eeprom, parts.scales[0], rowScale);
  writeField(eeprom, parts.scales[1], columnScale);
  writeField(eeprom, parts.scales[2], remnantScale);
}

function scaleFor(values: readonly number[], bits: number): number {
  const greatest = Math.max(...values.map(Math.abs));
  return Math.max(0, Math.ceil(Math.log2(greatest / signedRange(bits)[1])));
}

function stored(value: number, scale: number, bits: number): number {
  const [least, greatest] = signedRange(bits);
  return clamp(Math.round(value / 2 ** scale), least, greatest);
}

function grid(valueAt: (row: number, column: number) => number): Float64Array {
  return Float64Array.from({ length: THERMAL_PIXELS }, (_, pixel) =>
    valueAt(Math.floor(pixel / THERMAL_COLUMNS), pixel % THERMAL_COLUMNS),
  );
}

function mean(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.min(greatest, Math.max(least, value));
}
