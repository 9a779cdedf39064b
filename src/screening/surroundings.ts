import type { Thermogram } from '../domain/thermogram.ts';

/** The air about the gate, told by the sensor itself. */
export type Surroundings = Readonly<{
  /** From the die's temperature, degC; NaN before the first thermogram. */
  ambientC: number;
  /** Its slope over the last two minutes, degC a minute; null while the record is shorter than half a minute. */
  slopeCPerMinute: number | null;
  /** Lower quartile of the picture when last nobody was in view, degC; null before. Drifts with the sensor. */
  backgroundC: number | null;
  /** Die temperatures, one every few seconds. */
  record: readonly Readonly<{ atMs: number; taC: number }>[];
}>;

/** What the air may be like. */
export type SurroundingsLimits = Readonly<{
  minAmbientC: number;
  maxAmbientC: number;
  maxSlopeCPerMinute: number;
}>;

export const unknownSurroundings: Surroundings = {
  ambientC: Number.NaN,
  slopeCPerMinute: null,
  backgroundC: null,
  record: [],
};

/** The die settles about so far above the air around the board, degC (datasheet section 11.2.2.9). */
const DIE_ABOVE_AMBIENT_C = 8;
const RECORD_EVERY_MS = 5000;
const RECORD_MS = 120_000;
const SHORTEST_MS = 30_000;
const MS_PER_MINUTE = 60_000;
const BACKGROUND_QUANTILE = 0.25;

/** The air after a thermogram; `nobody`: the picture shows the background alone. */
export function watchSurroundings(
  before: Surroundings,
  thermogram: Thermogram,
  nobody: boolean,
): Surroundings {
  const { atMs, taC } = thermogram;
  const last = before.record.at(-1);
  const record =
    last !== undefined && atMs - last.atMs < RECORD_EVERY_MS
      ? before.record
      : [...before.record.filter((one) => atMs - one.atMs <= RECORD_MS), { atMs, taC }];
  return {
    ambientC: taC - DIE_ABOVE_AMBIENT_C,
    slopeCPerMinute: record === before.record ? before.slopeCPerMinute : slopeOf(record),
    backgroundC: nobody ? backgroundOf(thermogram) : before.backgroundC,
    record,
  };
}

/** Least squares slope, degC a minute. */
function slopeOf(record: Surroundings['record']): number | null {
  const [first] = record;
  const last = record.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < SHORTEST_MS) return null;
  const meanMs = record.reduce((sum, { atMs }) => sum + atMs, 0) / record.length;
  const meanC = record.reduce((sum, { taC }) => sum + taC, 0) / record.length;
  const covariance = record.reduce((sum, { atMs, taC }) => sum + (atMs - meanMs) * (taC - meanC), 0);
  const variance = record.reduce((sum, { atMs }) => sum + (atMs - meanMs) ** 2, 0);
  return (covariance / variance) * MS_PER_MINUTE;
}

/** Temperature of the background: the lower quartile of the picture, degC; NaN when no pixel is valid. */
export function backgroundOf(thermogram: Thermogram): number {
  const sorted = thermogram.toC.filter((value) => !Number.isNaN(value)).sort();
  return sorted[Math.floor(sorted.length * BACKGROUND_QUANTILE)] ?? Number.NaN;
}
