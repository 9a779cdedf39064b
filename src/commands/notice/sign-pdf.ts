import { Canvas, type LineStyle } from '../../io/pdf/canvas.ts';
import { A4, CONTENT_WIDTH, INK, PALE } from '../../io/pdf/paper.ts';
import { wrapLines } from '../../io/pdf/wrap-lines.ts';
import { qrCode } from '../../io/qr/qr-code.ts';
import type { Sign } from '../../notice/documents/sign.ts';
import { CROSS, PICTOGRAMS, type PictogramName } from '../../notice/pictograms.ts';
import type { Printed } from './page-pdf.ts';

const COLUMNS = 3;
const TILE = { width: CONTENT_WIDTH / COLUMNS, height: 190, picture: 76, gap: 14 };
const TILES_TOP = 140;
const TILE_KO: LineStyle = { size: 12.5, weight: 'bold' };
const TILE_EN: LineStyle = { size: 10 };
const ROWS_TOP = TILES_TOP + 2 * TILE.height + 34;
const ROW_KO: LineStyle = { size: 11 };
const ROW_EN: LineStyle = { size: 8.5, colour: '#444444' };
const QR_SIDE = 180;
/** Left of the table of rows is its names, right of it the code. */
const NAME_WIDTH = 92;
const GAP = 20;

/** The sign as one A4 page. */
export async function signPdf(sign: Sign, madeAt: string): Promise<Printed> {
  const canvas = new Canvas({ title: sign.title.ko, language: 'ko', createdAt: new Date(madeAt) });
  canvas.addPage();
  const middle = A4.width / 2;
  centred(canvas, sign.title.ko, middle, 84, fitting(canvas, sign.title.ko, { size: 28, weight: 'bold' }));
  centred(canvas, sign.title.en, middle, 112, fitting(canvas, sign.title.en, { size: 17 }));
  sign.tiles.forEach((tile, index) => {
    const x = A4.margin + ((index % COLUMNS) + 0.5) * TILE.width;
    drawTile(canvas, tile, x, TILES_TOP + Math.floor(index / COLUMNS) * TILE.height);
  });
  canvas.path(`M${A4.margin} ${ROWS_TOP - 20} h${CONTENT_WIDTH}`, { stroke: PALE, lineWidth: 1 });
  drawRows(canvas, sign.rows);
  drawCode(canvas, sign.code);
  canvas.line(sign.footer, A4.margin, A4.height - A4.margin / 2, { size: 7.5, colour: PALE });
  return { bytes: await canvas.end(), lacking: [...canvas.lacking] };
}

function drawTile(canvas: Canvas, tile: Sign['tiles'][number], middle: number, top: number): void {
  drawPictogram(canvas, tile.pictogram, middle - TILE.picture / 2, top);
  const width = TILE.width - TILE.gap;
  let y = top + TILE.picture + 20;
  for (const [text, style] of [
    [tile.ko, TILE_KO],
    [tile.en, TILE_EN],
  ] as const) {
    for (const line of wrapped(canvas, text, width, style)) {
      centred(canvas, line, middle, y, style);
      y += style.size * 1.35;
    }
    y += 2;
  }
}

function drawPictogram(canvas: Canvas, name: PictogramName, x: number, y: number): void {
  const { lines, crossed } = PICTOGRAMS[name];
  const place = { x, y, scale: TILE.picture / 48 };
  for (const line of lines) canvas.path(line, { stroke: INK, lineWidth: 2.4 }, place);
  if (!crossed) return;
  canvas.path(CROSS, { stroke: '#ffffff', lineWidth: 7 }, place);
  canvas.path(CROSS, { stroke: INK, lineWidth: 3.2 }, place);
}

function drawRows(canvas: Canvas, rows: Sign['rows']): void {
  const x = A4.margin + NAME_WIDTH;
  const width = CONTENT_WIDTH - NAME_WIDTH - QR_SIDE - GAP;
  let y = ROWS_TOP;
  for (const { name, value } of rows) {
    canvas.line(name.ko, A4.margin, y, { ...ROW_KO, weight: 'bold' });
    canvas.line(name.en, A4.margin, y + 12, ROW_EN);
    const lines = wrapped(canvas, value.ko, width, ROW_KO).map((text) => ({ text, style: ROW_KO }));
    // An operator's words are the same in both languages and stand there once.
    if (value.en !== value.ko) {
      lines.push(...wrapped(canvas, value.en, width, ROW_EN).map((text) => ({ text, style: ROW_EN })));
    }
    lines.forEach(({ text, style }, index) => {
      canvas.line(text, x, y + 13 * index, style);
    });
    y += Math.max(2, lines.length) * 13 + 9;
  }
}

function drawCode(canvas: Canvas, { text, caption }: Sign['code']): void {
  const { path, modules } = qrCode(text);
  const x = A4.width - A4.margin - QR_SIDE;
  canvas.path(path, { fill: INK }, { x, y: ROWS_TOP - 6, scale: QR_SIDE / modules });
  let y = ROWS_TOP + QR_SIDE + 10;
  for (const words of [caption.ko, caption.en]) {
    for (const line of wrapped(canvas, words, QR_SIDE, ROW_EN)) {
      centred(canvas, line, x + QR_SIDE / 2, y, ROW_EN);
      y += 11;
    }
  }
}

/** The style with a size at which the text fits between the margins. */
function fitting(canvas: Canvas, text: string, style: LineStyle): LineStyle {
  const width = canvas.widthOf(text, style);
  return width <= CONTENT_WIDTH ? style : { ...style, size: (style.size * CONTENT_WIDTH) / width };
}

function centred(canvas: Canvas, text: string, middle: number, baseline: number, style: LineStyle): void {
  canvas.line(text, middle - canvas.widthOf(text, style) / 2, baseline, style);
}

function wrapped(canvas: Canvas, text: string, width: number, style: LineStyle): readonly string[] {
  return wrapLines(text, width, (line) => canvas.widthOf(line, style));
}
