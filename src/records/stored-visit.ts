import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Visit } from '../domain/visit.ts';
import { parseCommonLine } from './common-line.ts';

const time = z.iso.datetime({ offset: true, precision: 0 });
const common = {
  /** Consecutive, from 1, never reused. */
  number: z.int().min(1),
  /** Local time with its offset, to the second (ISO 8601). */
  time,
  /** There only where the clock was not synchronised. */
  time_trusted: z.literal(false).optional(),
  mask: z.enum(['worn', 'not-worn', 'unsure']),
};
const celsius = z.number().min(-50).max(150);

/** What a guard found with a clinical thermometer. */
export const checkSchema = z.strictObject({
  result: z.enum(['confirmed', 'cleared']),
  /** What that thermometer showed, degC; null: not entered. */
  temperature_c: z.number().min(30).max(45).nullable(),
  /** Local time with its offset, to the second (ISO 8601). */
  time,
});

export type Check = Readonly<z.output<typeof checkSchema>>;

/**
 * A visit as it is kept. A normal visit has no temperature, not even by mistake: a line with one is refused.
 * Temperatures are face surface temperatures in degC.
 */
const storedVisitSchema = z.discriminatedUnion('class', [
  z.strictObject({ ...common, class: z.literal('normal') }),
  z.strictObject({
    ...common,
    class: z.literal(['recheck', 'elevated']),
    temperature_c: celsius,
    uncertainty_c: z.number().min(0),
    baseline_c: celsius.nullable(),
    /** From here on a reading was elevated. */
    limit_c: celsius,
    /** Serial number of the thermal sensor. */
    sensor: z.string().regex(/^[0-9a-f]{12}$/),
    check: checkSchema.optional(),
  }),
]);

export type StoredVisit = Readonly<z.output<typeof storedVisitSchema>>;

/**
 * What is kept of a visit: the least.
 * @param zone IANA zone of the times; the machine's by default
 */
export function toStoredVisit(visit: Visit, zone = 'local'): StoredVisit {
  const { number, outcome, mask } = visit;
  const when = {
    time: isoSeconds(visit.timeMs, zone),
    ...(visit.timeTrusted ? {} : { time_trusted: false as const }),
  };
  if (outcome === 'normal') return { number, ...when, class: outcome, mask };
  return {
    number,
    ...when,
    class: outcome,
    mask,
    temperature_c: hundredths(visit.reading.temperatureC),
    uncertainty_c: hundredths(visit.reading.uncertaintyC),
    baseline_c: visit.baselineC === null ? null : hundredths(visit.baselineC),
    limit_c: hundredths(visit.limitC),
    sensor: visit.sensor,
  };
}

/** One line of the store, without its line end; null when it is not a visit. */
export function parseStoredVisit(line: string): StoredVisit | null {
  const usual = parseCommonLine(line);
  if (usual !== null) return usual;
  try {
    const result = storedVisitSchema.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/**
 * Local time with its offset, to the second (ISO 8601).
 * @param zone IANA zone; the machine's by default
 */
export function isoSeconds(unixMs: number, zone = 'local'): string {
  const time = DateTime.fromMillis(Math.floor(unixMs / 1000) * 1000, { zone });
  const text = time.toISO({ suppressMilliseconds: true });
  if (text === null) throw new RangeError(`not a time: ${unixMs} ms in ${zone}`);
  return text;
}

/**
 * The local day, as 2026-01-31.
 * @param zone IANA zone; the machine's by default
 */
export function isoDay(unixMs: number, zone = 'local'): string {
  return isoSeconds(unixMs, zone).slice(0, 'YYYY-MM-DD'.length);
}

/** A temperature as it is kept, degC. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
