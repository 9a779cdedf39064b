import PDFDocument from 'pdfkit';
import { readFont, type Weight } from './font-file.ts';
import { type EmbeddedFont, GlyphEncoder } from './glyph-encoder.ts';
import { type Colour, INK } from './paper.ts';

export type CanvasOptions = Readonly<{
  title: string;
  /** IETF language tag. */
  language: string;
  /** Written into the file; the clock is not asked, so the same content makes the same bytes. */
  createdAt: Date;
}>;

export type LineStyle = Readonly<{ size: number; weight?: Weight; colour?: Colour }>;
/** How a path is drawn: filled, or as a line of that width. */
export type PathStyle =
  | Readonly<{ fill: Colour }>
  | Readonly<{ stroke: Colour; lineWidth: number; dashed?: boolean }>;

/** The part of pdfkit below its types: pages keep the fonts they use. */
type Internals = Readonly<{
  _font: EmbeddedFont;
  page: Readonly<{ fonts: Record<string, unknown> }>;
}>;

/** Pages to draw on, with embedded fonts cut down to the characters used. */
export class Canvas {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #fonts: Readonly<Record<Weight, Readonly<{ font: EmbeddedFont; encoder: GlyphEncoder }>>>;
  readonly #bytes: Promise<Uint8Array>;
  readonly lacking = new Set<string>();
  #lines: string[] = [];

  constructor({ title, language, createdAt }: CanvasOptions) {
    const pdf = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      bufferPages: true,
      lang: language,
      displayTitle: true,
      // The file's identity is made of these.
      info: { Title: title, Producer: 'fevergate', Creator: 'fevergate', CreationDate: createdAt },
    });
    this.#pdf = pdf;
    this.#fonts = { regular: this.#open('regular'), bold: this.#open('bold') };
    this.#bytes = collect(pdf);
  }

  addPage(): void {
    this.#flush();
    this.#pdf.addPage();
  }

  get pageCount(): number {
    return this.#pdf.bufferedPageRange().count;
  }

  /** Goes on with a page already there, from 0. */
  turnTo(page: number): void {
    this.#flush();
    this.#pdf.switchToPage(page);
  }

  widthOf(text: string, { size, weight = 'regular' }: LineStyle): number {
    return this.#fonts[weight].encoder.width(text, size);
  }

  /** One line of text; `baseline` is where its letters stand. */
  line(
    text: string,
    x: number,
    baseline: number,
    { size, weight = 'regular', colour = INK }: LineStyle,
  ): void {
    const { font, encoder } = this.#fonts[weight];
    const { fonts } = internalsOf(this.#pdf).page;
    fonts[font.id] ??= font.ref();
    // pdfkit turns the page upside down, its origin is above; letters have to be turned back.
    this.#lines.push(
      `${rgb(colour)} rg BT /${font.id} ${size} Tf 1 0 0 -1 ${x.toFixed(2)} ${baseline.toFixed(2)} Tm <${encoder.encode(text)}> Tj ET`,
    );
  }

  /** A path in SVG's notation, moved and scaled. */
  path(d: string, style: PathStyle, { x = 0, y = 0, scale = 1 } = {}): void {
    this.#flush();
    this.#pdf.save().translate(x, y).scale(scale).path(d);
    if ('fill' in style) this.#pdf.fill(style.fill);
    else {
      this.#pdf.lineWidth(style.lineWidth).lineCap('round').lineJoin('round');
      if (style.dashed === true) this.#pdf.dash(2 * style.lineWidth, { space: 2 * style.lineWidth });
      this.#pdf.stroke(style.stroke);
    }
    this.#pdf.restore();
  }

  end(): Promise<Uint8Array> {
    this.#flush();
    this.#pdf.end();
    return this.#bytes;
  }

  #open(weight: Weight): Readonly<{ font: EmbeddedFont; encoder: GlyphEncoder }> {
    this.#pdf.font(readFont(weight));
    const font = internalsOf(this.#pdf)._font;
    return { font, encoder: new GlyphEncoder(font, this.lacking) };
  }

  /** Lines are written together: one call a line costs more than the line. */
  #flush(): void {
    if (this.#lines.length > 0) this.#pdf.addContent(this.#lines.join('\n'));
    this.#lines = [];
  }
}

function internalsOf(pdf: PDFKit.PDFDocument): Internals {
  return pdf as unknown as Internals;
}

function rgb(colour: Colour): string {
  return [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255).toFixed(3)).join(' ');
}

function collect(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
