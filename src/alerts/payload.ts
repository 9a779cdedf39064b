import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Alert } from '../domain/alert.ts';

const ADVICE = 'Check with a clinical thermometer.';

/** What subscribers get: flat, snake_case, with the unit in the name. */
export const alertPayloadSchema = z
  .strictObject({
    version: z.literal(2).describe('Version of this format; another one may lack or rename fields.'),
    id: z.string().describe('Unique, and the same when an alert is sent again: drop those already seen.'),
    site: z.string().describe('Where the gate stands, as in the topic.'),
    gate: z.string().describe("The gate's name at that site, as in the topic."),
    visit: z.int().min(1).describe("The visit's number in the gate's records."),
    time: z.iso
      .datetime({ offset: true })
      .describe('When the gate decided, local time with offset (ISO 8601).'),
    time_trusted: z.boolean().describe("Whether the gate's clock was synchronised."),
    class: z.literal('elevated').describe('Only elevated visits raise alerts.'),
    face_surface_temperature_c: z
      .number()
      .nullable()
      .describe('Face surface temperature, not body temperature, degC; null in storage profiles 0 and 1.'),
    uncertainty_c: z.number().min(0).nullable().describe('Its standard uncertainty, degC; null with it.'),
    baseline_c: z
      .number()
      .nullable()
      .describe(
        'What a healthy visitor would have read then, degC; null while too few had passed, and in storage profiles 0 and 1.',
      ),
    mask: z
      .enum(['worn', 'not-worn', 'unsure'])
      .nullable()
      .describe('Whether a mask was worn; null in storage profiles 0 and 1.'),
    advice: z.literal(ADVICE).describe('What to do.'),
  })
  .describe('An elevated visit at a fevergate. Not a diagnosis; nobody is recognised.');

export type AlertPayload = Readonly<z.output<typeof alertPayloadSchema>>;

/**
 * An alert as it goes out.
 * @param from the gate that decided
 * @param zone IANA zone of its time; the machine's by default
 */
export function alertPayload(
  alert: Alert,
  from: Readonly<{ site: string; gate: string }>,
  zone = 'local',
): AlertPayload {
  const time = DateTime.fromMillis(alert.timeMs, { zone }).toISO();
  if (time === null) throw new RangeError(`not a time: ${alert.timeMs} ms in ${zone}`);
  return {
    version: 2,
    id: alert.id,
    site: from.site,
    gate: from.gate,
    visit: alert.visitNumber,
    time,
    time_trusted: alert.timeTrusted,
    class: 'elevated',
    face_surface_temperature_c: hundredths(alert.temperatureC),
    uncertainty_c: hundredths(alert.uncertaintyC),
    baseline_c: hundredths(alert.baselineC),
    mask: alert.mask,
    advice: ADVICE,
  };
}

/** The payload as JSON Schema 2020-12. */
export function alertJsonSchema(): object {
  return { title: 'fevergate alert', ...z.toJSONSchema(alertPayloadSchema) };
}

function hundredths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
