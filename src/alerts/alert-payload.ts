import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Alert } from '../domain/alert.ts';

/** What subscribers get: flat JSON, version 1. Nothing of a person is in it. */
export const alertSchema = z.strictObject({
  version: z.literal(1).describe('Version of this payload; changes when a field changes its meaning.'),
  id: z.string().min(1).describe('Unique, and the same when the alert is sent again: drop doubles by it.'),
  site: z.string().describe('Site of the gate.'),
  gate: z.string().describe('Name of the gate at its site.'),
  visit: z.int().positive().describe('Number of the visit at that gate.'),
  time: z.iso.datetime({ offset: true }).describe('When it was decided, ISO 8601 with offset.'),
  time_trusted: z.boolean().describe('Whether the clock of the gate was synchronised.'),
  class: z.literal('elevated').describe('Class of the visit; only elevated visits are told.'),
  face_surface_temperature_c: z.number().describe('Face surface temperature, degC. Not a body temperature.'),
  uncertainty_c: z.number().nonnegative().describe('Its standard uncertainty, degC.'),
  baseline_c: z.number().nullable().describe('What recent visitors read, degC; null while there were too few.'),
  mask: z.enum(['worn', 'not-worn', 'unsure']).describe('Whether a mask was worn.'),
  advice: z.string().describe('What to do.'),
});
export type AlertPayload = z.infer<typeof alertSchema>;

const ADVICE = 'Check with a clinical thermometer.';

/** The payload of an alert; temperatures to 0.01 degC. */
export function alertPayload(alert: Alert, gate: Readonly<{ site: string; gate: string }>): AlertPayload {
  return {
    version: 1,
    id: alert.id,
    site: gate.site,
    gate: gate.gate,
    visit: alert.visitNumber,
    time: isoTime(alert.timeMs),
    time_trusted: alert.timeTrusted,
    class: 'elevated',
    face_surface_temperature_c: hundredths(alert.temperatureC),
    uncertainty_c: hundredths(alert.uncertaintyC),
    baseline_c: alert.baselineC === null ? null : hundredths(alert.baselineC),
    mask: alert.mask,
    advice: ADVICE,
  };
}

function isoTime(unixMs: number): string {
  const time = DateTime.fromMillis(Math.round(unixMs)).toISO();
  if (time === null) throw new RangeError(`no time of day: ${unixMs}`);
  return time;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
