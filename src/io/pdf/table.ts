import type { Canvas, LineStyle } from './canvas.ts';
import { A4, CONTENT_BOTTOM, CONTENT_WIDTH, PALE } from './paper.ts';
import { clipLine, wrapLines } from './wrap-lines.ts';

export type PdfColumn = Readonly<{
  title: string;
  /** Share of the width, in any unit. */
  width: number;
  align?: 'left' | 'right';
}>;

export type PdfTable = Readonly<{
  columns: readonly PdfColumn[];
  /** A cell a column. */
  rows: Iterable<readonly string[]>;
  /** What does not fit is broken into lines, or left out with an ellipsis (much faster, for long tables). */
  cells: 'wrapped' | 'clipped';
}>;

const SIZE = 9;
const LINE_HEIGHT = 13;
const BASELINE = 9.5;
const PADDING = 4;

type PlacedColumn = Readonly<{ x: number; width: number; right: boolean }>;

/**
 * Writes a table from `y` downwards.
 * @param nextPage begins a page and returns where to go on
 * @returns the lower end
 */
export function writeTable(canvas: Canvas, table: PdfTable, y: number, nextPage: () => number): number {
  const columns = placed(table.columns);
  const titles = table.columns.map(({ title }) => title);
  const style = { size: SIZE };
  const writeRow = (cells: readonly (readonly string[])[], at: number, look: LineStyle): number => {
    let lines = 1;
    columns.forEach(({ x, width, right }, index) => {
      const cell = cells[index] ?? [];
      lines = Math.max(lines, cell.length);
      cell.forEach((line, row) => {
        const left = right ? x + width - canvas.widthOf(line, look) : x;
        canvas.line(line, left, at + row * LINE_HEIGHT + BASELINE, look);
      });
    });
    return at + lines * LINE_HEIGHT;
  };
  const cellsOf = (cells: readonly string[], look: LineStyle): string[][] =>
    columns.map(({ width }, index) => {
      const widthOf = (line: string): number => canvas.widthOf(line, look);
      const text = cells[index] ?? '';
      return table.cells === 'wrapped' ? wrapLines(text, width, widthOf) : [clipLine(text, width, widthOf)];
    });
  const bold: LineStyle = { size: SIZE, weight: 'bold' };
  const header = (at: number): number => {
    const below = writeRow(cellsOf(titles, bold), at, bold);
    canvas.path(`M${A4.margin} ${below} h${CONTENT_WIDTH}`, { stroke: PALE, lineWidth: 0.5 });
    return below + 2;
  };

  let end = header(y + 2 * LINE_HEIGHT > CONTENT_BOTTOM ? nextPage() : y);
  for (const row of table.rows) {
    const cells = cellsOf(row, style);
    const height = Math.max(...cells.map((lines) => lines.length)) * LINE_HEIGHT;
    if (end + height > CONTENT_BOTTOM) end = header(nextPage());
    end = writeRow(cells, end, style);
    if (table.cells === 'wrapped') end += 2;
  }
  return end;
}

function placed(columns: readonly PdfColumn[]): readonly PlacedColumn[] {
  const total = columns.reduce((sum, { width }) => sum + width, 0);
  let x: number = A4.margin;
  return columns.map((column) => {
    const width = (column.width / total) * CONTENT_WIDTH;
    const here = { x, width: width - PADDING, right: column.align === 'right' };
    x += width;
    return here;
  });
}
