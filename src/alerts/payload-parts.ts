import { DateTime } from 'luxon';
import { z } from 'zod';

/** The gate that tells. */
export type Sender = Readonly<{ site: string; gate: string }>;

/** What every payload begins with. */
export const senderFields = {
  site: z.string().describe('Where the gate stands, as in the topic.'),
  gate: z.string().describe("The gate's name at that site, as in the topic."),
};

export const timeTrustedField = z.boolean().describe("Whether the gate's clock was synchronised.");

/** @param what what happened then */
export const timeField = (what: string) =>
  z.iso.datetime({ offset: true }).describe(`${what}, local time with offset (ISO 8601).`);

/** A payload's format version. */
export const versionField = <V extends number>(version: V) =>
  z.literal(version).describe('Version of this format; another one may lack or rename fields.');

/**
 * Local time with its offset, to the millisecond (ISO 8601).
 * @param zone IANA zone; the machine's by default
 * @throws RangeError when it is no time
 */
export function isoTime(unixMs: number, zone = 'local'): string {
  const time = DateTime.fromMillis(unixMs, { zone }).toISO();
  if (time === null) throw new RangeError(`not a time: ${unixMs} ms in ${zone}`);
  return time;
}

export function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
