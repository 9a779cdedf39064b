import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Visit } from '../domain/visit.ts';

const common = {
  /** Consecutive, from 1, never reused. */
  number: z.int().min(1),
  /** Local time with its offset, to the second (ISO 8601). */
  time: z.iso.datetime({ offset: true }),
  mask: z.enum(['worn', 'not-worn', 'unsure']),
};
const celsius = z.number().min(-50).max(150);

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
  }),
]);

export type StoredVisit = Readonly<z.output<typeof storedVisitSchema>>;

/**
 * What is kept of a visit: the least.
 * @param zone IANA zone of the times; the machine's by default
 */
export function toStoredVisit(visit: Visit, zone = 'local'): StoredVisit {
  const { number, mask, outcome } = visit;
  const time = isoSeconds(visit.timeMs, zone);
  if (outcome === 'normal') return { number, time, class: outcome, mask };
  return {
    number,
    time,
    class: outcome,
    mask,
    temperature_c: hundredths(visit.reading.temperatureC),
    uncertainty_c: hundredths(visit.reading.uncertaintyC),
    baseline_c: visit.baselineC === null ? null : hundredths(visit.baselineC),
  };
}

/** One line of the store, without its line end; null when it is not a visit. */
export function parseStoredVisit(line: string): StoredVisit | null {
  try {
    const result = storedVisitSchema.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Local time with its offset, to the second (ISO 8601). */
export function isoSeconds(unixMs: number, zone = 'local'): string {
  const time = DateTime.fromMillis(Math.floor(unixMs / 1000) * 1000, { zone });
  const text = time.toISO({ suppressMilliseconds: true });
  if (text === null) throw new RangeError(`not a time: ${unixMs} ms in ${zone}`);
  return text;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
