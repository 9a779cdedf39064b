import { z } from 'zod';
import { LONGEST_TEXT } from './audit-entry.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().min(1).max(LONGEST_TEXT);
const place = z.strictObject({ number: z.int().min(1), time: z.iso.datetime({ offset: true }) });

/** What goes with an exported file: what it is, for whom and why, and where the audit trail tells of it. */
const manifestSchema = z.strictObject({
  version: z.literal(1),
  /** Name of the exported file, which lies beside the manifest. */
  file: z.string().regex(/^[^/]+$/),
  format: z.enum(['csv', 'jsonl', 'pdf', 'age']),
  bytes: z.int().min(0),
  /** Of the file, hexadecimal. */
  sha256,
  visits: z.int().min(1),
  first: place,
  last: place,
  /** What was asked for, in words. */
  selection: text,
  purpose: text,
  recipient: text,
  legal_basis: text,
  by: text,
  time: z.iso.datetime({ offset: true }),
  time_trusted: z.boolean(),
  /** Name and version of the software. */
  software: text,
  /** `<site>/<gate>`. */
  gate: text,
  /** The audit entry that tells of this export. */
  audit: z.strictObject({ seq: z.int().min(1), hash: sha256 }),
});

export type ExportManifest = Readonly<z.output<typeof manifestSchema>>;

/** A manifest as its file's text. */
export function manifestText(manifest: ExportManifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}

/** Reads a manifest's text; null when it is none. */
export function parseManifest(text: string): ExportManifest | null {
  try {
    const result = manifestSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
