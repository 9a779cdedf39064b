/** The word at `index`, as an unsigned 16-bit number; a missing word is a bug of the caller. */
export function wordAt(words: Uint16Array, index: number): number {
  const word = words[index];
  if (word === undefined) throw new RangeError(`word ${index} of ${words.length}`);
  return word;
}

/** A 16-bit word read as two's complement. */
export function signed16(word: number): number {
  return (word << 16) >> 16;
}

/** `width` bits of a word from bit `low` up, unsigned. */
export function bits(word: number, low: number, width: number): number {
  return (word >> low) & ((1 << width) - 1);
}

/** `width` bits of a word from bit `low` up, two's complement. */
export function signedBits(word: number, low: number, width: number): number {
  return (word << (32 - low - width)) >> (32 - width);
}
