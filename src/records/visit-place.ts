import { z } from 'zod';
import { jsonOfLine, placeOf } from './place.ts';
import { parseStoredVisit, type StoredVisit } from './stored-visit.ts';

/** Where the photo of a visit lies in the file of photos, and its own key, which is nowhere else. */
export type KeptPhoto = Readonly<{ key: Uint8Array; blocks: readonly number[] }>;

/** Blocks that a photo has at most: what the longest visit leaves room for. */
export const MOST_BLOCKS = 5;
const HIGHEST_BLOCK = 999_999;

/** The alert of an elevated visit; what else it says is its visit's. */
export type KeptAlert = Readonly<{
  /** Its place among the gate's alerts, from 1. */
  sequence: number;
  /** When the gate decided, whole ms of Unix time by the clock as it was then; null: it was delivered. */
  waitsSinceMs: number | null;
}>;

/** A visit with its photo and its alert, as one line tells it; null: it has none. */
export type KeptVisit = Readonly<{ visit: StoredVisit; photo: KeptPhoto | null; alert: KeptAlert | null }>;

const headSchema = z.strictObject({
  version: z.literal(1),
  /** The next visit's number, where the visits kept may not tell it any more. */
  next: z.int().min(1),
  /** Places that the file has had, this one too. */
  places: z.int().min(1),
  /** The last alert's sequence, where the visits kept may not tell it any more. */
  alerts: z.int().min(0).default(0),
});

/** The first line of a file of visits. */
export type Head = Readonly<z.output<typeof headSchema>>;

const PHOTO = /^(.+),"photo":\["([A-Za-z0-9_-]{43})"((?:,\d{1,6}){1,5})\]\}$/;
const ALERT = /^(.+),"alert":\[([1-9]\d{0,14})(?:,(\d{1,15}))?\]\}$/;

/**
 * A visit as it is written: its JSON line, where it has them with its alert and its photo's key and blocks, a checksum, and
 * spaces up to the end of its place. A visit that {@link parseStoredVisit} accepts always fits without an alert, and with
 * one where its temperatures are as `toStoredVisit` rounds them.
 * @throws RangeError for a photo of too many blocks
 */
export function visitPlace({ visit, photo, alert }: KeptVisit): Uint8Array {
  let json = JSON.stringify(visit);
  if (alert !== null) json = `${json.slice(0, -1)},${alertField(alert)}}`;
  if (photo !== null) json = `${json.slice(0, -1)},${photoField(photo)}}`;
  return placeOf(json);
}

/** The first place of a file as it is written. */
export function headPlace({ alerts, ...head }: Head): Uint8Array {
  return placeOf(JSON.stringify({ ...head, ...(alerts > 0 && { alerts }) }));
}

/** Reads a line without the spaces after it; null when it is not whole, or no visit. */
export function parseVisitLine(line: string): KeptVisit | null {
  const json = jsonOfLine(line);
  if (json === null) return null;
  // Nearly every line, and there may be 25,000.
  if (!json.endsWith(']}')) {
    const visit = parseStoredVisit(json);
    return visit === null ? null : { visit, photo: null, alert: null };
  }
  const [, beforePhoto, key, blocks] = PHOTO.exec(json) ?? [];
  const withAlert = beforePhoto === undefined ? json : `${beforePhoto}}`;
  const [, before, sequence, ms] = (withAlert.endsWith(']}') ? ALERT.exec(withAlert) : null) ?? [];
  const visit = parseStoredVisit(before === undefined ? withAlert : `${before}}`);
  if (visit === null) return null;
  return {
    visit,
    photo:
      key === undefined || blocks === undefined
        ? null
        : { key: Buffer.from(key, 'base64url'), blocks: blocks.slice(1).split(',').map(Number) },
    alert:
      sequence === undefined
        ? null
        : { sequence: Number(sequence), waitsSinceMs: ms === undefined ? null : Number(ms) },
  };
}

/** Reads the first line of a file; null when it is none. */
export function parseHeadLine(line: string): Head | null {
  try {
    const head = headSchema.safeParse(JSON.parse(jsonOfLine(line) ?? ''));
    return head.success ? head.data : null;
  } catch {
    return null;
  }
}

function alertField({ sequence, waitsSinceMs }: KeptAlert): string {
  return `"alert":[${waitsSinceMs === null ? sequence : `${sequence},${waitsSinceMs}`}]`;
}

function photoField({ key, blocks }: KeptPhoto): string {
  if (blocks.length === 0 || blocks.length > MOST_BLOCKS || blocks.some((block) => block > HIGHEST_BLOCK))
    throw new RangeError(`a photo in ${blocks.length} blocks`);
  return `"photo":["${Buffer.from(key).toString('base64url')}",${blocks.join(',')}]`;
}
