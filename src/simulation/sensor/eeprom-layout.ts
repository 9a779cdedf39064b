/**
 * Where the MLX90640's EEPROM keeps its calibration: one row a field (datasheet 3901090640, table 8 and section 11.1).
 * The virtual sensor composes an EEPROM with this table and reads one with it. It knows nothing of the driver's decoding.
 */
export const EEPROM_WORDS = 832;
export const PIXEL_WORDS_AT = 64;

/** A run of bits in a word; `scale` and `add` turn the stored number into the field's value. */
type Field = Readonly<{ word: number; shift: number; bits: number; signed: boolean }>;

const unsigned = (word: number, shift: number, bits: number): Field => ({ word, shift, bits, signed: false });
const signed = (word: number, shift: number, bits: number): Field => ({ word, shift, bits, signed: true });

export const FIELDS = {
  id1: unsigned(7, 0, 16),
  id2: unsigned(8, 0, 16),
  id3: unsigned(9, 0, 16),
  alphaPtat: unsigned(16, 12, 4),
  offsetScaleRow: unsigned(16, 8, 4),
  offsetScaleColumn: unsigned(16, 4, 4),
  offsetScaleRemnant: unsigned(16, 0, 4),
  offsetAverage: signed(17, 0, 16),
  alphaScale: unsigned(32, 12, 4),
  alphaScaleRow: unsigned(32, 8, 4),
  alphaScaleColumn: unsigned(32, 4, 4),
  alphaScaleRemnant: unsigned(32, 0, 4),
  alphaAverage: unsigned(33, 0, 16),
  gain: signed(48, 0, 16),
  vPtat25: signed(49, 0, 16),
  kvPtat: signed(50, 10, 6),
  ktPtat: signed(50, 0, 10),
  kVdd: signed(51, 8, 8),
  vdd25: unsigned(51, 0, 8),
  kvEvenEven: signed(52, 12, 4),
  kvOddEven: signed(52, 8, 4),
  kvEvenOdd: signed(52, 4, 4),
  kvOddOdd: signed(52, 0, 4),
  chessC1: signed(53, 0, 6),
  chessC2: signed(53, 6, 5),
  chessC3: signed(53, 11, 5),
  ktaEvenEven: signed(54, 8, 8),
  ktaOddEven: signed(54, 0, 8),
  ktaEvenOdd: signed(55, 8, 8),
  ktaOddOdd: signed(55, 0, 8),
  resolution: unsigned(56, 12, 2),
  kvScale: unsigned(56, 8, 4),
  ktaScale1: unsigned(56, 4, 4),
  ktaScale2: unsigned(56, 0, 4),
  cpAlpha: signed(57, 0, 10),
  cpAlphaRatio: signed(57, 10, 6),
  cpOffset: signed(58, 0, 10),
  cpOffsetDelta: signed(58, 10, 6),
  cpKta: signed(59, 0, 8),
  cpKv: signed(59, 8, 8),
  tgc: signed(60, 0, 8),
  ksTa: signed(60, 8, 8),
  ksTo1: signed(61, 0, 8),
  ksTo2: signed(61, 8, 8),
  ksTo3: signed(62, 0, 8),
  ksTo4: signed(62, 8, 8),
  ksToScale: unsigned(63, 0, 4),
  ct3: unsigned(63, 4, 4),
  ct4: unsigned(63, 8, 4),
  ctStep: unsigned(63, 12, 2),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

/** Four signed numbers of 4 bits a word, the first in the lowest bits: row and column parts of offset and sensitivity. */
const NIBBLE_RUNS = { offsetRow: 18, offsetColumn: 24, alphaRow: 34, alphaColumn: 40 } as const;
export type NibbleRun = keyof typeof NIBBLE_RUNS;

/** The parts of one pixel's word. A word of zero is a broken pixel; the lowest bit marks an outlier. */
const pixelFields = (pixel: number) => ({
  offset: signed(PIXEL_WORDS_AT + pixel, 10, 6),
  alpha: signed(PIXEL_WORDS_AT + pixel, 4, 6),
  kta: signed(PIXEL_WORDS_AT + pixel, 1, 3),
});
export type PixelPart = keyof ReturnType<typeof pixelFields>;

/** Smallest and largest number that fits into a field of `bits` bits. */
export function signedRange(bits: number): readonly [number, number] {
  return [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

function read(eeprom: Uint16Array, { word, shift, bits, signed: isSigned }: Field): number {
  const raw = ((eeprom[word] ?? 0) >> shift) & (2 ** bits - 1);
  return isSigned && raw >= 2 ** (bits - 1) ? raw - 2 ** bits : raw;
}

function write(eeprom: Uint16Array, { word, shift, bits }: Field, value: number): void {
  const mask = (2 ** bits - 1) << shift;
  eeprom[word] = ((eeprom[word] ?? 0) & ~mask) | ((value << shift) & mask);
}

const nibble = (run: NibbleRun, index: number): Field =>
  signed(NIBBLE_RUNS[run] + (index >> 2), 4 * (index & 3), 4);

export function readField(eeprom: Uint16Array, name: FieldName): number {
  return read(eeprom, FIELDS[name]);
}

export function writeField(eeprom: Uint16Array, name: FieldName, value: number): void {
  write(eeprom, FIELDS[name], value);
}

export function readNibble(eeprom: Uint16Array, run: NibbleRun, index: number): number {
  return read(eeprom, nibble(run, index));
}

export function writeNibble(eeprom: Uint16Array, run: NibbleRun, index: number, value: number): void {
  write(eeprom, nibble(run, index), value);
}

export function readPixel(eeprom: Uint16Array, pixel: number, part: PixelPart): number {
  return read(eeprom, pixelFields(pixel)[part]);
}

export function writePixel(eeprom: Uint16Array, pixel: number, part: PixelPart, value: number): void {
  write(eeprom, pixelFields(pixel)[part], value);
}
