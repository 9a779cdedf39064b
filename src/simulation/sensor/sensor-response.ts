import { THERMAL_COLUMNS, THERMAL_PIXELS } from '../../domain/thermogram.ts';
import { type FieldName, readField, readNibble, readPixel } from './eeprom-layout.ts';

/** What one sensor is like, read from its EEPROM: how radiation and its own state become words. */
export type SensorResponse = Readonly<{
  gain: number;
  resolution: number;
  kVdd: number;
  vdd25: number;
  ptat: Readonly<{ v25: number; kv: number; kt: number; alpha: number }>;
  /** Per pixel: sensitivity, offset in counts, and the offset's growth with Ta and Vdd. */
  alpha: Float64Array;
  offset: Float64Array;
  kta: Float64Array;
  kv: Float64Array;
  ksTa: number;
  tgc: number;
  cp: Readonly<{ offset: readonly [number, number]; kta: number; kv: number }>;
  /** Object temperature ranges: lower corner, sensitivity there, its slope. */
  ranges: readonly Readonly<{ fromC: number; sensitivity: number; slope: number }>[];
  chess: Readonly<{ c1: number; c2: number; c3: number }>;
}>;

/** Reads a sensor's response (datasheet section 11.1). */
export function responseOf(eeprom: Uint16Array): SensorResponse {
  const field = (name: FieldName): number => readField(eeprom, name);
  const ktaScale = 2 ** (field('ktaScale1') + 8);
  const kvScale = 2 ** field('kvScale');
  const cpAlphaScale = 2 ** (field('alphaScale') + 27);
  const cpAlpha = field('cpAlpha') / cpAlphaScale;
  const cpAlphaOther = cpAlpha * (1 + field('cpAlphaRatio') / 128);
  const tgc = field('tgc') / 32;
  const perPixel = (valueAt: (pixel: number, row: number, column: number) => number): Float64Array =>
    Float64Array.from({ length: THERMAL_PIXELS }, (_, pixel) =>
      valueAt(pixel, Math.floor(pixel / THERMAL_COLUMNS), pixel % THERMAL_COLUMNS),
    );
  const byParity = (
    row: number,
    column: number,
    names: readonly [FieldName, FieldName, FieldName, FieldName],
  ) => field(names[((row & 1) * 2 + (column & 1)) as 0 | 1 | 2 | 3]);
  return {
    gain: field('gain'),
    resolution: field('resolution'),
    kVdd: field('kVdd') * 32,
    vdd25: (field('vdd25') - 256) * 32 - 8192,
    ptat: {
      v25: field('vPtat25'),
      kv: field('kvPtat') / 4096,
      kt: field('ktPtat') / 8,
      alpha: field('alphaPtat') / 4 + 8,
    },
    alpha: perPixel((pixel, row, column) => {
      const counts =
        field('alphaAverage') +
        readNibble(eeprom, 'alphaRow', row) * 2 ** field('alphaScaleRow') +
        readNibble(eeprom, 'alphaColumn', column) * 2 ** field('alphaScaleColumn') +
        readPixel(eeprom, pixel, 'alpha') * 2 ** field('alphaScaleRemnant');
      return counts / 2 ** (field('alphaScale') + 30) - (tgc * (cpAlpha + cpAlphaOther)) / 2;
    }),
    offset: perPixel(
      (pixel, row, column) =>
        field('offsetAverage') +
        readNibble(eeprom, 'offsetRow', row) * 2 ** field('offsetScaleRow') +
        readNibble(eeprom, 'offsetColumn', column) * 2 ** field('offsetScaleColumn') +
        readPixel(eeprom, pixel, 'offset') * 2 ** field('offsetScaleRemnant'),
    ),
    kta: perPixel((pixel, row, column) => {
      const average = byParity(row, column, ['ktaEvenEven', 'ktaEvenOdd', 'ktaOddEven', 'ktaOddOdd']);
      return (average + readPixel(eeprom, pixel, 'kta') * 2 ** field('ktaScale2')) / ktaScale;
    }),
    kv: perPixel(
      (_, row, column) =>
        byParity(row, column, ['kvEvenEven', 'kvEvenOdd', 'kvOddEven', 'kvOddOdd']) / kvScale,
    ),
    ksTa: field('ksTa') / 8192,
    tgc,
    cp: {
      offset: [field('cpOffset'), field('cpOffset') + field('cpOffsetDelta')],
      kta: field('cpKta') / ktaScale,
      kv: field('cpKv') / kvScale,
    },
    ranges: rangesOf(field),
    chess: { c1: field('chessC1') / 16, c2: field('chessC2') / 2, c3: field('chessC3') / 8 },
  };
}

/** Datasheet section 11.2.2.9.1: corners at -40, 0, CT3 and CT4 degC; sensitivity is 1 at 0 degC. */
function rangesOf(field: (name: FieldName) => number): SensorResponse['ranges'] {
  const scale = 2 ** (field('ksToScale') + 8);
  const step = field('ctStep') * 10;
  const ct3 = field('ct3') * step;
  const ct4 = ct3 + field('ct4') * step;
  const [s1, s2, s3, s4] = [field('ksTo1'), field('ksTo2'), field('ksTo3'), field('ksTo4')].map(
    (v) => v / scale,
  ) as [number, number, number, number];
  const atCt3 = 1 + s2 * ct3;
  return [
    { fromC: -40, sensitivity: 1 / (1 + 40 * s1), slope: s1 },
    { fromC: 0, sensitivity: 1, slope: s2 },
    { fromC: ct3, sensitivity: atCt3, slope: s3 },
    { fromC: ct4, sensitivity: atCt3 * (1 + s3 * (ct4 - ct3)), slope: s4 },
  ];
}

/** Sensitivity factor at an object temperature, 1 at 0 degC. */
export function sensitivityAt(ranges: SensorResponse['ranges'], objectC: number): number {
  let factor = 1;
  for (const range of ranges) {
    if (objectC < range.fromC && range !== ranges[0]) break;
    factor = range.sensitivity * (1 + range.slope * (objectC - range.fromC));
  }
  return factor;
}
