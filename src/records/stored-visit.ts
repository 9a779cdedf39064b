import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Visit } from '../domain/visit.ts';

const common = {
  number: z.int().positive(),
  /** ISO 8601 with offset. */
  time: z.string(),
  mask: z.enum(['worn', 'not-worn', 'unsure']),
};

/**
 * One visit as it is kept. The temperature is kept of elevated and recheck visits alone; the schema has no place for a
 * normal visitor's.
 */
export const storedVisitSchema = z.discriminatedUnion('class', [
  z.strictObject({ ...common, class: z.literal('normal') }),
  z.strictObject({
    ...common,
    class: z.enum(['recheck', 'elevated']),
    temperature_c: z.number(),
    uncertainty_c: z.number(),
    baseline_c: z.number().nullable(),
  }),
]);
export type StoredVisit = z.infer<typeof storedVisitSchema>;

/** What is kept of a visit; temperatures to 0.01 degC. */
export function storedVisitOf(visit: Visit): StoredVisit {
  const time = DateTime.fromMillis(Math.round(visit.timeMs)).toISO();
  if (time === null) throw new RangeError(`no time of day: ${visit.timeMs}`);
  const { number, mask, outcome } = visit;
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

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
