import { crc32 } from 'node:zlib';

/** Bytes of a place: a sector, which a disk writes as a whole or not at all. */
export const PLACE_BYTES = 512;

const LINE_END = 0x0a;
const CHECK_START = ',"crc":"';
const CHECK_DIGITS = 8;
const CHECK = /^[0-9a-f]{8}"\}$/;
/** Of a line's end: comma, name, digits, quote, bracket. */
const CHECK_LENGTH = CHECK_START.length + CHECK_DIGITS + 2;

/** A place that holds nothing. */
export const BLANK: Uint8Array = padded('');

/**
 * A JSON object as it is written in a place: one line with a checksum, and spaces up to its end.
 * @throws RangeError when it is too long
 */
export function placeOf(json: string): Uint8Array {
  const body = json.slice(0, -1);
  return padded(`${body},"crc":"${checksum(body)}"}`);
}

/** The JSON object of a line, without its checksum; null when they do not belong together. */
export function jsonOfLine(line: string): string | null {
  const end = line.length - CHECK_LENGTH;
  if (end < 1 || !line.startsWith('{') || !line.startsWith(CHECK_START, end)) return null;
  const check = line.slice(end + CHECK_START.length);
  const body = line.slice(0, end);
  return CHECK.test(check) && Number.parseInt(check, 16) === crc32(body) ? `${body}}` : null;
}

function padded(line: string): Uint8Array {
  // One space at least, by which the end of the line is found.
  if (line.length > PLACE_BYTES - 2) throw new RangeError(`a line of ${line.length} characters has no place`);
  const bytes = Buffer.alloc(PLACE_BYTES, ' ');
  bytes.write(line, 'latin1');
  bytes[PLACE_BYTES - 1] = LINE_END;
  return bytes;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECK_DIGITS, '0');
}
