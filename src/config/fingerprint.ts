import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Config } from './schema.ts';

const fieldHashesSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

/** SHA-256, hexadecimal, of every setting's value, by its dotted name: tells what changed, and no value. */
export type FieldHashes = Readonly<z.output<typeof fieldHashesSchema>>;

/** SHA-256, hexadecimal, of the whole effective configuration, whatever the order and comments of its file. */
export function configHash(config: Config): string {
  return sha256Of(JSON.stringify(settingsOf('', config)));
}

/** The hash of every setting, sorted by name. */
export function fieldHashes(config: Config): FieldHashes {
  return Object.fromEntries(
    settingsOf('', config).map(([path, value]) => [path, sha256Of(JSON.stringify(value))]),
  );
}

/** Reads field hashes written as JSON; null when that is not what the text is. */
export function parseFieldHashes(text: string): FieldHashes | null {
  try {
    const result = fieldHashesSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Dotted names of the settings that differ, or are in one of the two only; sorted. */
export function changedFields(before: FieldHashes, now: FieldHashes): readonly string[] {
  const names = Object.keys({ ...before, ...now }).filter((name) => before[name] !== now[name]);
  return names.sort(byName);
}

type Setting = readonly [path: string, value: unknown];

function settingsOf(path: string, value: unknown): readonly Setting[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value)
    .flatMap(([key, child]) => settingsOf(path === '' ? key : `${path}.${key}`, child))
    .sort(([a], [b]) => byName(a, b));
}

/** By code units, the same on every machine. */
function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
