/** One marker segment of a JPEG: its marker's second byte and what it holds. */
export type JpegSegment = Readonly<{ marker: number; content: Buffer }>;

const STAND_ALONE = new Set([0xd8, 0xd9]);
const START_OF_SCAN = 0xda;

/**
 * The segments of a JPEG in order (ISO/IEC 10918-1, annex B), up to its end marker.
 * @throws Error where it is no JPEG, or something follows its end
 */
export function jpegSegments(jpeg: Uint8Array): readonly JpegSegment[] {
  const bytes = Buffer.from(jpeg);
  const segments: JpegSegment[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) throw new Error(`no marker at ${at}`);
    const marker = bytes.readUInt8(at + 1);
    at += 2;
    const length = STAND_ALONE.has(marker) ? 0 : bytes.readUInt16BE(at);
    segments.push({ marker, content: bytes.subarray(at + Math.min(2, length), at + length) });
    at += length;
    if (marker === START_OF_SCAN) at = endOfScan(bytes, at);
  }
  if (segments[0]?.marker !== 0xd8 || segments.at(-1)?.marker !== 0xd9) throw new Error('not a whole JPEG');
  return segments;
}

/** Entropy-coded data ends at the first marker that is no stuffed zero and no restart. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length - 1; at++) {
    const next = bytes.readUInt8(at + 1);
    if (bytes[at] === 0xff && next !== 0 && (next < 0xd0 || next > 0xd7)) break;
  }
  return at;
}
