import { z } from 'zod';

/** Kinds of configuration fields, each with its limits, default and description. */

/** A name usable in an MQTT topic. */
export const slug = (what: string, fallback: string) =>
  z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -')
    .default(fallback)
    .describe(what);

/** Any number from `min` to `max`. */
export const between = (min: number, max: number, fallback: number, what: string) =>
  z.number().min(min).max(max).default(fallback).describe(what);

/** A whole number from `min` to `max`. */
export const whole = (min: number, max: number, fallback: number, what: string) =>
  z.int().min(min).max(max).default(fallback).describe(what);

/** A whole number from `min` to `max`, or null. */
export const wholeOrNull = (min: number, max: number, fallback: number | null, what: string) =>
  z.int().min(min).max(max).nullable().default(fallback).describe(what);

/** A line of words, or null. */
export const textOrNull = (what: string) =>
  z.string().trim().min(1).max(200).nullable().default(null).describe(what);

/** True or false. */
export const flag = (fallback: boolean, what: string) => z.boolean().default(fallback).describe(what);

/** A group of fields; one left out has every default. */
export const section = <T extends z.ZodRawShape>(shape: T, what: string) =>
  z
    .strictObject(shape)
    .prefault({} as never)
    .describe(what);
