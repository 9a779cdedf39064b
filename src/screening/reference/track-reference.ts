import { THERMAL_COLUMNS, THERMAL_ROWS, type Thermogram } from '../../domain/thermogram.ts';
import { type Disc, type DiscSearch, findDisc } from './find-disc.ts';

/** A warm disc of known temperature in view, as it was configured. */
export type ReferenceParams = Readonly<{
  /** What its own contact sensor says, degC. */
  temperatureC: number;
}>;

/** searching: not seen yet; lost: seen before, not now; dirty: seen, but not even or not plausible. */
export type ReferenceState = 'searching' | 'found' | 'lost' | 'dirty';

/** What is known of the reference. */
export type Reference = Readonly<{
  state: ReferenceState;
  /** Where it was last seen, thermal pixels; null: never. */
  disc: Disc | null;
  /** Added to what the sensor reads, degC: the low-passed difference of the known to the seen temperature. */
  offsetC: number;
  /** Good sightings in a row. */
  sightings: number;
  /** When it was last seen well, and since when it has been seen badly, ms. */
  goodAtMs: number | null;
  badSinceMs: number | null;
  atMs: number;
}>;

/** The smallest disc whose middle the lens' blur leaves alone, and the largest that is no face, thermal pixels. */
const MIN_RADIUS_PX = 1.8;
const MAX_RADIUS_PX = 4.5;
const MIN_CONTRAST_C = 3;
/** The sensor is no farther off than its datasheet's drift over years, degC. */
const LARGEST_OFFSET_C = 3;
/** An even disc's spread, degC, over the noise of single pixels. */
const LARGEST_SPREAD_C = 1.5;
/** It is fixed: farther than this from where it was, it is something else, thermal pixels. */
const FIXED_PX = 1.5;
const SIGHTINGS_NEEDED = 8;
const BAD_FOR_MS = 5000;
/** The offset is averaged over so long, and follows no faster than this. */
const AVERAGED_MS = 10_000;
const SLEW_C_PER_S = 0.02;

export const noReference: Reference = {
  state: 'searching',
  disc: null,
  offsetC: 0,
  sightings: 0,
  goodAtMs: null,
  badSinceMs: null,
  atMs: 0,
};

/** What is known of the reference after a thermogram. */
export function trackReference(
  before: Reference,
  thermogram: Thermogram,
  params: ReferenceParams,
): Reference {
  const { atMs } = thermogram;
  const seen = findDisc(
    { width: THERMAL_COLUMNS, height: THERMAL_ROWS, toC: thermogram.toC },
    searchFor(before, params),
  );
  return seen === null || seen.spreadC > LARGEST_SPREAD_C || !isKnown(seen, params)
    ? missed(before, seen, atMs)
    : sighted(before, seen, params, atMs);
}

/** Known places first; one never seen, or lost, may be anywhere, but only with about its temperature. */
function searchFor({ disc, state }: Reference, { temperatureC }: ReferenceParams): DiscSearch {
  const anywhere = { minRadiusPx: MIN_RADIUS_PX, maxRadiusPx: MAX_RADIUS_PX, minContrastC: MIN_CONTRAST_C };
  if (disc !== null && state !== 'searching' && state !== 'lost') {
    return { ...anywhere, near: { x: disc.x, y: disc.y, withinPx: FIXED_PX } };
  }
  return { ...anywhere, expected: { temperatureC, withinC: LARGEST_OFFSET_C } };
}

function isKnown({ temperatureC }: Disc, params: ReferenceParams): boolean {
  return Math.abs(params.temperatureC - temperatureC) <= LARGEST_OFFSET_C;
}

function sighted(before: Reference, seen: Disc, params: ReferenceParams, atMs: number): Reference {
  const moved = before.disc !== null && Math.hypot(seen.x - before.disc.x, seen.y - before.disc.y) > FIXED_PX;
  const sightings = moved ? 1 : before.sightings + 1;
  const found = before.state === 'found' || before.state === 'dirty' || sightings >= SIGHTINGS_NEEDED;
  const differenceC = params.temperatureC - seen.temperatureC;
  return {
    state: found ? 'found' : before.state,
    disc: before.disc === null || moved ? seen : { ...seen, ...drifted(before.disc, seen) },
    offsetC: offsetAfter(before, differenceC, sightings, atMs),
    sightings,
    goodAtMs: atMs,
    badSinceMs: null,
    atMs,
  };
}

/** The disc is fixed; only its seen place scatters. */
function drifted(before: Disc, seen: Disc): Pick<Disc, 'x' | 'y'> {
  return { x: before.x + 0.05 * (seen.x - before.x), y: before.y + 0.05 * (seen.y - before.y) };
}

/** A plain mean over the first sightings, a slow and slew-limited one later. */
function offsetAfter(before: Reference, differenceC: number, sightings: number, atMs: number): number {
  if (before.state === 'searching') {
    return before.offsetC + (differenceC - before.offsetC) / sightings;
  }
  const elapsedMs = Math.max(0, atMs - before.atMs);
  const share = Math.min(1, elapsedMs / AVERAGED_MS);
  const stepC = share * (differenceC - before.offsetC);
  const limitC = (SLEW_C_PER_S * elapsedMs) / 1000;
  return before.offsetC + Math.max(-limitC, Math.min(limitC, stepC));
}

/** Not seen, or not as it must be: the last offset is kept for a while, then the state says so. */
function missed(before: Reference, seen: Disc | null, atMs: number): Reference {
  if (before.state === 'searching') {
    return { ...before, sightings: 0, offsetC: 0, atMs };
  }
  const badSinceMs = before.badSinceMs ?? atMs;
  const bad = atMs - badSinceMs >= BAD_FOR_MS;
  const state = bad ? (seen === null ? 'lost' : 'dirty') : before.state;
  return { ...before, state, sightings: 0, badSinceMs, atMs };
}
