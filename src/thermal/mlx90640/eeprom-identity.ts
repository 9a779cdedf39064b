import { wordAt } from './bits.ts';

/**
 * The sensor's 48-bit serial number (words 0x2407..0x2409), as 12 hex digits, or null when it was never written or not
 * read (all zeros or all ones).
 */
export function eepromIdentity(eeprom: Uint16Array): string | null {
  const words = [wordAt(eeprom, 7), wordAt(eeprom, 8), wordAt(eeprom, 9)];
  if (words.every((word) => word === 0) || words.every((word) => word === 0xffff)) return null;
  return words.map((word) => word.toString(16).padStart(4, '0')).join('');
}

/** Whether two images are the same, word for word. */
export function isSameImage(a: Uint16Array, b: Uint16Array): boolean {
  return differingWords(a, b) === 0;
}

/** In how many words two images differ. */
export function differingWords(a: Uint16Array, b: Uint16Array): number {
  return a.reduce(
    (count, word, index) => count + (word === b[index] ? 0 : 1),
    Math.max(0, b.length - a.length),
  );
}
