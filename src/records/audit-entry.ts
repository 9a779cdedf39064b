import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEvent } from '../domain/audit-event.ts';

/** What the first entry is sealed to: there is none before it. */
export const GENESIS = '0'.repeat(64);
/** Longest text that an operator gives, characters. */
export const LONGEST_TEXT = 500;

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().min(1).max(LONGEST_TEXT);
const profile = z.literal([0, 1, 2, 3]);
const before = { seq: z.int().min(1), time: z.iso.datetime({ offset: true }), time_trusted: z.boolean() };
const after = { prev: sha256, hash: sha256 };

/** An entry of one event. The order of the keys is the order on disk, which the hash is taken over. */
const entry = <Name extends string, Shape extends z.ZodRawShape>(event: Name, shape: Shape) =>
  z.strictObject({ ...before, event: z.literal(event), ...shape, ...after });

const auditEntrySchema = z.discriminatedUnion('event', [
  entry('start', { version: text, configHash: sha256, profile }),
  entry('stop', {}),
  entry('configuration-changed', { fields: z.array(text), configHash: sha256 }),
  entry('profile-changed', {
    from: profile,
    to: profile,
    because: z.enum(['configured', 'basis-not-begun', 'basis-ended']),
  }),
  entry('export', {
    purpose: text,
    recipient: text,
    legalBasis: text,
    by: text,
    range: text,
    format: text,
    visits: count,
    sha256,
  }),
  entry('erasure', { by: z.enum(['visitor', 'operator']), visits: count }),
  entry('deletion', { because: z.enum(['cap', 'age', 'profile']), visits: count, photos: count }),
  entry('records-repaired', { tornLines: count, badLines: count }),
  entry('calibration', { what: z.enum(['registration', 'sensor', 'offset']), detail: text }),
  entry('clock-repaired', { shiftMs: z.number(), visits: count }),
  entry('check-entered', { visit: z.int().min(1), result: z.enum(['confirmed', 'cleared']), by: text }),
  entry('remote-command', {
    command: z.enum(['mute', 'acknowledge', 'check', 'refresh']),
    result: z.enum(['done', 'malformed', 'not-found', 'too-many', 'failed']),
    detail: text,
    by: text,
  }),
  entry('login-changed', { keys: count, fingerprints: z.array(text) }),
  entry('retired', {}),
]);

/** An event of the audit trail, when it was written and how it is sealed to the entry before. */
export type AuditEntry = AuditEvent &
  Readonly<{
    /** From 1, without gaps. */
    seq: number;
    /** Local time with its offset, to the second (ISO 8601). */
    time: string;
    /** Whether a time source kept the clock. */
    time_trusted: boolean;
    /** Hash of the entry before; {@link GENESIS} for the first. */
    prev: string;
    /** SHA-256, hexadecimal, of the entry's own line without this field. */
    hash: string;
  }>;

/** What an entry says of itself, beside its event. */
export type EntryPlace = Readonly<Pick<AuditEntry, 'seq' | 'time' | 'time_trusted' | 'prev'>>;

/**
 * Seals an event.
 * @throws z.ZodError when the event is not one of the audit trail's
 */
export function sealEntry(place: EntryPlace, event: AuditEvent): AuditEntry {
  const { seq, time, time_trusted, prev } = place;
  // Parsing brings the keys into their order.
  const ordered = auditEntrySchema.parse({ seq, time, time_trusted, ...event, prev, hash: GENESIS });
  return { ...ordered, hash: hashOf(ordered) };
}

/** An entry as its line, without the line end. */
export function lineOf(entry: AuditEntry): string {
  return JSON.stringify(entry);
}

/** What a line of the audit trail was found to be. */
export type ReadEntry =
  | Readonly<{ ok: true; entry: AuditEntry }>
  /** `unreadable`: not an entry as it is written; `hash`: an entry whose hash does not fit what it says. */
  | Readonly<{ ok: false; wrong: 'unreadable' | 'hash'; seq: number | null }>;

/** Reads one line, without its line end. Only the very text that was written is accepted. */
export function parseEntry(line: string): ReadEntry {
  let parsed: ReturnType<typeof auditEntrySchema.safeParse>;
  try {
    parsed = auditEntrySchema.safeParse(JSON.parse(line));
  } catch {
    return { ok: false, wrong: 'unreadable', seq: null };
  }
  if (!parsed.success) return { ok: false, wrong: 'unreadable', seq: null };
  const entry: AuditEntry = parsed.data;
  if (lineOf(entry) !== line) return { ok: false, wrong: 'unreadable', seq: entry.seq };
  if (hashOf(entry) !== entry.hash) return { ok: false, wrong: 'hash', seq: entry.seq };
  return { ok: true, entry };
}

function hashOf({ hash: _, ...rest }: AuditEntry): string {
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}
