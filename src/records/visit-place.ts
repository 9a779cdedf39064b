import { z } from 'zod';
import { jsonOfLine, placeOf } from './place.ts';
import { parseStoredVisit, type StoredVisit } from './stored-visit.ts';

/** Where the photo of a visit lies in the file of photos, and its own key, which is nowhere else. */
export type KeptPhoto = Readonly<{ key: Uint8Array; blocks: readonly number[] }>;

/** Blocks that a photo has at most: what the longest visit leaves room for. */
export const MOST_BLOCKS = 5;
const HIGHEST_BLOCK = 999_999;

/** A visit with its photo, as one line tells it. */
export type KeptVisit = Readonly<{ visit: StoredVisit; photo: KeptPhoto | null }>;

const headSchema = z.strictObject({
  version: z.literal(1),
  /** The next visit's number, where the visits kept may not tell it any more. */
  next: z.int().min(1),
  /** Places that the file has had, this one too. */
  places: z.int().min(1),
});

/** The first line of a file of visits. */
export type Head = Readonly<z.output<typeof headSchema>>;

const PHOTO = /^(.+),"photo":\["([A-Za-z0-9_-]{43})"((?:,\d{1,6}){1,5})\]\}$/;

/**
 * A visit as it is written: its JSON line, where it has one with its photo's key and blocks, a checksum, and spaces up to
 * the end of its place. A visit that {@link parseStoredVisit} accepts always fits.
 * @throws RangeError for a photo of too many blocks
 */
export function visitPlace({ visit, photo }: KeptVisit): Uint8Array {
  const json = JSON.stringify(visit);
  return placeOf(photo === null ? json : `${json.slice(0, -1)},${photoField(photo)}}`);
}

/** The first place of a file as it is written. */
export function headPlace(head: Head): Uint8Array {
  return placeOf(JSON.stringify(head));
}

/** Reads a line without the spaces after it; null when it is not whole, or no visit. */
export function parseVisitLine(line: string): KeptVisit | null {
  const json = jsonOfLine(line);
  if (json === null) return null;
  const [, before, key, blocks] = (json.endsWith(']}') ? PHOTO.exec(json) : null) ?? [];
  const visit = parseStoredVisit(before === undefined ? json : `${before}}`);
  if (visit === null) return null;
  if (key === undefined || blocks === undefined) return { visit, photo: null };
  return {
    visit,
    photo: { key: Buffer.from(key, 'base64url'), blocks: blocks.slice(1).split(',').map(Number) },
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

function photoField({ key, blocks }: KeptPhoto): string {
  if (blocks.length === 0 || blocks.length > MOST_BLOCKS || blocks.some((block) => block > HIGHEST_BLOCK))
    throw new RangeError(`a photo in ${blocks.length} blocks`);
  return `"photo":["${Buffer.from(key).toString('base64url')}",${blocks.join(',')}]`;
}
