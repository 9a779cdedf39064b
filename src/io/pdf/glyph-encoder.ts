/** What pdfkit keeps of an embedded font; its types leave it out. */
export type EmbeddedFont = Readonly<{
  id: string;
  /** Glyphs of the subset, four hexadecimal digits each, and how far each moves on, thousandths of the size. */
  encode(text: string): readonly [readonly string[], readonly Readonly<{ xAdvance: number }>[]];
  ref(): unknown;
}>;

type Glyph = Readonly<{ hex: string; advance: number }>;

/** The glyph a font draws for what it lacks. */
const LACKING = '0000';
const SUBSTITUTE = '□';

/**
 * Turns characters into glyphs, each once: laying out every cell of a long table anew is what makes tables slow. There
 * is no kerning, so a text is as wide as its characters.
 */
export class GlyphEncoder {
  readonly #font: EmbeddedFont;
  readonly #glyphs = new Map<string, Glyph>();
  readonly #lacking: Set<string>;

  /** @param lacking collects the characters that the font does not have */
  constructor(font: EmbeddedFont, lacking: Set<string>) {
    this.#font = font;
    this.#lacking = lacking;
  }

  /** The text as glyphs, hexadecimal. */
  encode(text: string): string {
    let hex = '';
    for (const character of text) hex += this.#glyph(character).hex;
    return hex;
  }

  /** Width of a line of text, points. */
  width(text: string, size: number): number {
    let advance = 0;
    for (const character of text) advance += this.#glyph(character).advance;
    return (advance * size) / 1000;
  }

  #glyph(character: string): Glyph {
    const known = this.#glyphs.get(character);
    if (known !== undefined) return known;
    let glyph = this.#draw(character);
    if (glyph.hex === LACKING) {
      this.#lacking.add(character);
      // An accent is less of a loss than the letter.
      const letter = character.normalize('NFD').charAt(0);
      glyph = this.#draw(letter === character ? SUBSTITUTE : letter);
    }
    this.#glyphs.set(character, glyph);
    return glyph;
  }

  #draw(character: string): Glyph {
    const [glyphs, positions] = this.#font.encode(character);
    return { hex: glyphs.join(''), advance: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0) };
  }
}
