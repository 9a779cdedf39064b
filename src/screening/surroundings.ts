import type { Thermogram } from '../domain/thermogram.ts';

/** The room about the gate: how warm it is, by the picture; how fast that changes, by the die. */
export type Surroundings = Readonly<{
  /** The picture's background, averaged while nobody is in view; null before the first settled picture. */
  ambient: Readonly<{ temperatureC: number; atMs: number }> | null;
  /** Slope of the die's temperature over the last two minutes, degC a minute; null while the record is too short. */
  slopeCPerMinute: number | null;
  /** Die temperatures, one every few seconds. */
  record: readonly Readonly<{ atMs: number; taC: number }>[];
}>;

/** What the room may be like. */
export type SurroundingsLimits = Readonly<{
  minAmbientC: number;
  maxAmbientC: number;
  maxSlopeCPerMinute: number;
}>;

export const unknownSurroundings: Surroundings = { ambient: null, slopeCPerMinute: null, record: [] };

/** Skin follows the room, not the door that has just opened, ms. */
const AMBIENT_MS = 600_000;
const RECORD_EVERY_MS = 5000;
const RECORD_MS = 120_000;
const SHORTEST_MS = 30_000;
const MS_PER_MINUTE = 60_000;
const BACKGROUND_QUANTILE = 0.25;

/**
 * The room after a thermogram.
 * @param backgroundC what {@link backgroundOf} says of it, degC
 * @param nobody the picture shows the background alone
 * @param offsetC what a reference in view shows the sensor to be wrong by, degC
 */
export function watchSurroundings(
  before: Surroundings,
  thermogram: Thermogram,
  backgroundC: number,
  nobody: boolean,
  offsetC = 0,
): Surroundings {
  const { atMs, taC } = thermogram;
  const last = before.record.at(-1);
  const record =
    last !== undefined && atMs - last.atMs < RECORD_EVERY_MS
      ? before.record
      : [...before.record.filter((one) => atMs - one.atMs <= RECORD_MS), { atMs, taC }];
  return {
    ambient: ambientAfter(before.ambient, thermogram, backgroundC + offsetC, nobody),
    slopeCPerMinute: record === before.record ? before.slopeCPerMinute : slopeOf(record),
    record,
  };
}

function ambientAfter(
  before: Surroundings['ambient'],
  { atMs, settled }: Thermogram,
  seenC: number,
  nobody: boolean,
): Surroundings['ambient'] {
  if (!settled || (before !== null && !nobody)) return before;
  if (Number.isNaN(seenC)) return before;
  if (before === null) return { temperatureC: seenC, atMs };
  const share = 1 - Math.exp(-Math.max(0, atMs - before.atMs) / AMBIENT_MS);
  return { temperatureC: before.temperatureC + share * (seenC - before.temperatureC), atMs };
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
