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
  /** Good sightings in a row, and since when, ms. */
  sightings: number;
  sightedSinceMs: number;
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
/** Seen so long in the same place before it is believed, ms. */
const NEEDED_MS = 5000;
/** A sighting or two may fail to the noise, ms. */
const BLINK_MS = 600;
const BAD_FOR_MS = 5000;
/** The offset is averaged over so long, and follows no faster than this. */
const AVERAGED_MS = 30_000;
const SLEW_C_PER_S = 0.02;

export const noReference: Reference = {
  state: 'searching',
  disc: null,
  offsetC: 0,
  sightings: 0,
  sightedSinceMs: 0,
  goodAtMs: null,
  badSinceMs: null,
  atMs: 0,
};

/**
 * What is known of the reference after a thermogram. It is looked for only while the camera sees no face; once its place
 * is known, whoever stands before the gate does not matter.
 */
export function trackReference(
  before: Reference,
  thermogram: Thermogram,
  facesInView: boolean,
  params: ReferenceParams,
): Reference {
  const { atMs } = thermogram;
  if (facesInView && before.state === 'searching') return { ...noReference, atMs };
  const seen = findDisc(
    { width: THERMAL_COLUMNS, height: THERMAL_ROWS, toC: thermogram.toC },
    searchFor(before, params),
  );
  return seen === null || seen.spreadC > LARGEST_SPREAD_C || !isKnown(seen, params)
    ? missed(before, seen, atMs)
    : sighted(before, seen, params, atMs);
}

/** It is fixed: one once found is looked for there only; one never found may be anywhere, with about its temperature. */
function searchFor({ disc, state }: Reference, { temperatureC }: ReferenceParams): DiscSearch {
  const anywhere = { minRadiusPx: MIN_RADIUS_PX, maxRadiusPx: MAX_RADIUS_PX, minContrastC: MIN_CONTRAST_C };
  if (disc !== null && state !== 'searching') {
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
  const sightedSinceMs = sightings === 1 ? atMs : before.sightedSinceMs;
  const found = before.state === 'found' || before.state === 'dirty' || atMs - sightedSinceMs >= NEEDED_MS;
  const differenceC = params.temperatureC - seen.temperatureC;
  return {
    state: found ? 'found' : before.state,
    disc: before.disc === null || moved ? seen : { ...seen, ...drifted(before.disc, seen) },
    offsetC: offsetAfter(before, differenceC, sightings, atMs),
    sightings,
    sightedSinceMs,
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
  const badSinceMs = before.badSinceMs ?? atMs;
  if (before.state === 'searching') {
    return atMs - badSinceMs > BLINK_MS ? { ...noReference, atMs } : { ...before, badSinceMs, atMs };
  }
  const bad = atMs - badSinceMs >= BAD_FOR_MS;
  const state = bad ? (seen === null ? 'lost' : 'dirty') : before.state;
  return { ...before, state, sightings: 0, badSinceMs, atMs };
}
