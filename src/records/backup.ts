import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a backup may hold. Names, not paths: nothing in a backup says where it is written. */
const PARTS = ['configuration', 'sensor-images', 'registration', 'visits'] as const;
export type PartName = (typeof PARTS)[number];

const backupSchema = z.strictObject({
  format: z.literal('fevergate backup'),
  version: z.literal(1),
  /** Local time with offset (ISO 8601). */
  time: z.iso.datetime({ offset: true }),
  software: z.string().min(1).max(100),
  parts: z
    .array(
      z.strictObject({
        name: z.enum(PARTS),
        /** Of the content as UTF-8, hexadecimal. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        content: z.string(),
      }),
    )
    .max(PARTS.length),
});

/** The parts of a backup by name. */
export type BackupParts = Readonly<Partial<Record<PartName, string>>>;
export type Backup = Readonly<{ time: string; software: string; parts: BackupParts }>;

/** A backup as its file's text. */
export function backupText({ time, software, parts }: Backup): string {
  const written = PARTS.flatMap((name) => {
    const content = parts[name];
    return content === undefined ? [] : [{ name, sha256: sha256Of(content), content }];
  });
  return `${JSON.stringify({ format: 'fevergate backup', version: 1, time, software, parts: written }, null, 2)}\n`;
}

/** Reads a backup's text; says what is wrong with it otherwise. */
export function parseBackup(
  text: string,
): Readonly<{ ok: true; backup: Backup }> | Readonly<{ ok: false; wrong: string }> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { ok: false, wrong: 'is not a backup: not JSON' };
  }
  const result = backupSchema.safeParse(given);
  if (!result.success) {
    const at = result.error.issues[0]?.path.join('.') ?? '';
    return { ok: false, wrong: `is not a backup that this version knows${at === '' ? '' : ` (${at})`}` };
  }
  const { time, software, parts } = result.data;
  if (new Set(parts.map(({ name }) => name)).size < parts.length)
    return { ok: false, wrong: 'has a part twice' };
  const changed = parts.find(({ sha256, content }) => sha256Of(content) !== sha256);
  if (changed !== undefined) {
    return { ok: false, wrong: `was changed: its ${changed.name} is not what its SHA-256 says` };
  }
  const byName = Object.fromEntries(parts.map(({ name, content }) => [name, content]));
  return { ok: true, backup: { time, software, parts: byName } };
}

function sha256Of(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
