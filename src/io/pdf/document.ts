import { Canvas, type CanvasOptions, type LineStyle } from './canvas.ts';
import { A4, CONTENT_BOTTOM, CONTENT_WIDTH, INK, PALE } from './paper.ts';
import { type PdfTable, writeTable } from './table.ts';
import { wrapLines } from './wrap-lines.ts';

export type PdfOptions = CanvasOptions &
  Readonly<{ /** Under every page, beside its number; null: none. */ footer: string | null }>;

const HEADINGS: Readonly<Record<1 | 2 | 3, LineStyle & Readonly<{ before: number }>>> = {
  1: { size: 20, weight: 'bold', before: 0 },
  2: { size: 13, weight: 'bold', before: 14 },
  3: { size: 10.5, weight: 'bold', before: 8 },
};
const BODY: LineStyle = { size: 10 };
/** Of a line's size: from one baseline to the next, and from its top to its baseline. */
const LEADING = 1.5;
const ASCENT = 1.1;
const FOOTER: LineStyle = { size: 8, colour: PALE };

/** Running text on A4 pages: each piece goes below the one before, on a new page where there is no room. */
export class PdfDocument {
  /** To draw at places of one's own on the page at hand. */
  readonly canvas: Canvas;
  readonly #footer: string | null;
  #y: number = A4.margin;

  constructor(options: PdfOptions) {
    this.canvas = new Canvas(options);
    this.#footer = options.footer;
    this.newPage();
  }

  /** Where the next piece begins, points from the top. */
  get y(): number {
    return this.#y;
  }

  newPage(): void {
    this.canvas.addPage();
    this.#y = A4.margin;
  }

  heading(text: string, level: 1 | 2 | 3): void {
    const { before, ...style } = HEADINGS[level];
    this.space(this.#y === A4.margin ? 0 : before);
    const lines = this.#wrapped(text, style, CONTENT_WIDTH);
    // A heading stays with the first two lines below it.
    this.makeRoom((lines.length * style.size + 2 * BODY.size) * LEADING);
    this.#write(lines, style, 0);
    this.space(3);
  }

  paragraph(
    text: string,
    { indent = 0, ...given }: Partial<LineStyle> & { readonly indent?: number } = {},
  ): void {
    const style = { ...BODY, ...given };
    this.#write(this.#wrapped(text, style, CONTENT_WIDTH - indent), style, indent);
    this.space(4);
  }

  /** Points, each behind a dot. */
  list(items: readonly string[]): void {
    for (const item of items) {
      this.makeRoom(BODY.size * LEADING);
      this.canvas.line('·', A4.margin + 4, this.#y + BODY.size * ASCENT, BODY);
      this.#write(this.#wrapped(item, BODY, CONTENT_WIDTH - 14), BODY, 14);
    }
    this.space(4);
  }

  /** A table of any length; its heading is repeated on every page. */
  table(table: PdfTable): void {
    this.#y = writeTable(this.canvas, table, this.#y, () => {
      this.newPage();
      return this.#y;
    });
    this.space(6);
  }

  rule(): void {
    this.canvas.path(`M${A4.margin} ${this.#y} h${CONTENT_WIDTH}`, { stroke: PALE, lineWidth: 0.5 });
    this.space(6);
  }

  space(points: number): void {
    this.#y += points;
  }

  /** Begins a new page when less than so much of this one is left. */
  makeRoom(points: number): void {
    if (this.#y + points > CONTENT_BOTTOM) this.newPage();
  }

  /** Characters the font lacks; they were drawn without accent, or as boxes. */
  get lacking(): readonly string[] {
    return [...this.canvas.lacking];
  }

  /** Numbers the pages and returns the file. */
  async end(): Promise<Uint8Array> {
    const { pageCount } = this.canvas;
    for (let page = 0; page < pageCount; page++) {
      this.canvas.turnTo(page);
      const number = `${page + 1} / ${pageCount}`;
      const baseline = A4.height - A4.margin / 2;
      this.canvas.line(number, A4.width - A4.margin - this.canvas.widthOf(number, FOOTER), baseline, FOOTER);
      if (this.#footer !== null) this.canvas.line(this.#footer, A4.margin, baseline, FOOTER);
    }
    return this.canvas.end();
  }

  #wrapped(text: string, style: LineStyle, width: number): string[] {
    return wrapLines(text, width, (line) => this.canvas.widthOf(line, style));
  }

  #write(lines: readonly string[], style: LineStyle, indent: number): void {
    for (const line of lines) {
      this.makeRoom(style.size * LEADING);
      this.canvas.line(line, A4.margin + indent, this.#y + style.size * ASCENT, { colour: INK, ...style });
      this.space(style.size * LEADING);
    }
  }
}
