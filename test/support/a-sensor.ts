/**
 * A made-up MLX90640 with plausible parameters, for tests and benchmarks that must run without the shared data set:
 * narrow lens, 18 bits, chess, no deviating pixels, serial number 0123456789ab.
 */
export function aSensor(): Uint16Array {
  const eeprom = new Uint16Array(832);
  const words: Readonly<Record<number, number>> = {
    7: 0x0123,
    8: 0x4567,
    9: 0x89ab,
    10: 0x0499,
    12: 0x1901,
    15: 0x0033,
    16: 0x4110,
    17: 0xffc4,
    32: 0x7000,
    33: 6600,
    48: 5700,
    49: 12_192,
    50: 0x2955,
    51: 0x9c79,
    52: 0x4444,
    53: 0x0000,
    54: 0x5a5a,
    55: 0x5a5a,
    56: 0x2363,
    57: 0x0000,
    58: 0x03bb,
    59: 0x0346,
    60: 0xec00,
    61: 0x9797,
    62: 0x9797,
    63: 0x2889,
  };
  for (const [index, word] of Object.entries(words)) eeprom[Number(index)] = word;
  for (let pixel = 0; pixel < 768; pixel++) {
    const away = Math.hypot((pixel % 32) - 15.5, Math.floor(pixel / 32) - 11.5);
    // Remnants: offset in bits 10..15, sensitivity in bits 4..9 (31 in the middle, -32 in the corners), Kta in bits 1..3.
    const sensitivity = Math.round(31 - 63 * Math.min(1, away / 19.3));
    eeprom[64 + pixel] = ((((pixel * 7) % 13) & 0x3f) << 10) | ((sensitivity & 0x3f) << 4) | 0x0002;
  }
  // The sensitivity remnant counts 32-fold, so corners see about two thirds of the middle.
  eeprom[32] = 0x7005;
  return eeprom;
}

/** One of its subpages: a warm disc before a room of about 22 degC, die at about 31 degC, 3.3 V, 2 Hz. */
export function aSubpage(subpage: 0 | 1): Uint16Array {
  const words = new Uint16Array(834);
  for (let pixel = 0; pixel < 768; pixel++) {
    const away = Math.hypot((pixel % 32) - 15.5, Math.floor(pixel / 32) - 11.5);
    words[pixel] = -62 + (away < 6 ? 35 : -40) + (pixel % 3);
  }
  const auxiliary: Readonly<Record<number, number>> = {
    768: 20_000,
    776: -69,
    778: 5650,
    800: 1660,
    808: -66,
    810: -12_700,
    832: 0x1901,
    833: subpage,
  };
  for (const [index, word] of Object.entries(auxiliary)) words[Number(index)] = word;
  return words;
}
