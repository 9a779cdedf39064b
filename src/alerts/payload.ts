import { z } from 'zod';
import type { NumberedAlert } from '../domain/alert.ts';
import {
  isoTime,
  rounded,
  type Sender,
  senderFields,
  timeField,
  timeTrustedField,
  versionField,
} from './payload-parts.ts';

const ADVICE = 'Check with a clinical thermometer.';

/** What subscribers get of an elevated visit: flat, snake_case, with the unit in the name. */
export const alertPayloadSchema = z
  .strictObject({
    version: versionField(3),
    id: z.string().describe('Unique, and the same when an alert is sent again: drop those already seen.'),
    sequence: z
      .int()
      .min(1)
      .describe(
        'Counts the alerts of this gate without gaps; in storage profiles 0 and 1 from 1 again after a restart.',
      ),
    ...senderFields,
    visit: z.int().min(1).describe("The visit's number in the gate's records."),
    time: timeField('When the gate decided'),
    time_trusted: timeTrustedField,
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
export function alertPayload(alert: NumberedAlert, from: Sender, zone = 'local'): AlertPayload {
  return {
    version: 3,
    id: alert.id,
    sequence: alert.sequence,
    site: from.site,
    gate: from.gate,
    visit: alert.visitNumber,
    time: isoTime(alert.timeMs, zone),
    time_trusted: alert.timeTrusted,
    class: 'elevated',
    face_surface_temperature_c: rounded(alert.temperatureC, 2),
    uncertainty_c: rounded(alert.uncertaintyC, 2),
    baseline_c: rounded(alert.baselineC, 2),
    mask: alert.mask,
    advice: ADVICE,
  };
}
