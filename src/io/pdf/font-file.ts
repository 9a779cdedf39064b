import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Nanum Gothic (SIL Open Font License 1.1): every Hangul syllable, and Latin. */
const FILES = {
  regular: '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf',
  bold: '@expo-google-fonts/nanum-gothic/700Bold/NanumGothic_700Bold.ttf',
} as const;

export type Weight = keyof typeof FILES;

/** The space is these fonts' last glyph and empty, so it begins where the file ends; fontkit reads its header there. */
const EMPTY_GLYPH_HEADER = new Uint8Array(16);

/** The installed font. */
export function readFont(weight: Weight): Uint8Array {
  const file = createRequire(import.meta.url).resolve(FILES[weight]);
  return Buffer.concat([readFileSync(file), EMPTY_GLYPH_HEADER]);
}
