import { PdfDocument } from '../../io/pdf/document.ts';
import type { Block, Page } from '../../notice/page.ts';

/** A file made, and the characters its font lacks. */
export type Printed = Readonly<{ bytes: Uint8Array; lacking: readonly string[] }>;

/** A document as PDF, A4. */
export async function pagePdf({ language, title, madeAt, footer, blocks }: Page): Promise<Printed> {
  const pdf = new PdfDocument({ title, language, createdAt: new Date(madeAt), footer });
  pdf.heading(title, 1);
  for (const block of blocks) write(pdf, block);
  return { bytes: await pdf.end(), lacking: pdf.lacking };
}

function write(pdf: PdfDocument, block: Block): void {
  switch (block.kind) {
    case 'heading':
      pdf.heading(block.text, block.level);
      return;
    case 'paragraph':
      pdf.paragraph(block.text);
      return;
    case 'note':
      pdf.paragraph(block.text, { weight: 'bold' });
      return;
    case 'list':
      pdf.list(block.items);
      return;
    case 'table':
      pdf.table({
        columns: block.columns.map((title, index) => ({ title, width: index === 0 ? 2 : 3 })),
        rows: block.rows,
        cells: 'wrapped',
      });
  }
}
