import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PdfDocument, type PdfOptions } from '../../../src/io/pdf/document.ts';
import { clipLine, wrapLines } from '../../../src/io/pdf/wrap-lines.ts';

const run = promisify(execFile);
const OPTIONS: PdfOptions = {
  title: '기록',
  language: 'ko',
  createdAt: new Date('2026-01-05T00:00:00Z'),
  footer: '머리 fevergate',
};

/** The file as Debian's poppler reads it. */
async function read(bytes: Uint8Array, program: string, ...flags: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fevergate-pdf-'));
  try {
    const file = path.join(folder, 'a.pdf');
    await writeFile(file, bytes);
    const { stdout } = await run(program, [...flags, file, ...(program === 'pdftotext' ? ['-'] : [])], {
      maxBuffer: 64 << 20,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sample(options: Partial<PdfOptions> = {}): PdfDocument {
  const pdf = new PdfDocument({ ...OPTIONS, ...options });
  pdf.heading('얼굴 표면온도 기록', 1);
  pdf.paragraph('Face surface temperatures, not body temperatures: 36.4 °C.');
  return pdf;
}

describe('a document', () => {
  test('has its Korean and Latin text, the page number and the footer in it, readable as text', async () => {
    const text = await read(await sample().end(), 'pdftotext', '-layout');
    expect(text).toContain('얼굴 표면온도 기록');
    expect(text).toContain('not body temperatures: 36.4 °C.');
    expect(text).toMatch(/머리 fevergate\s+1 ?\/ ?1/);
  });

  test('embeds only the characters it uses', async () => {
    const bytes = await sample().end();
    expect(bytes.byteLength).toBeLessThan(60_000);
    const fonts = await read(bytes, 'pdffonts');
    expect(fonts.match(/NanumGothic\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/g)).toHaveLength(2);
  });

  test('is the same bytes for the same content and the time given', async () => {
    const first = await sample().end();
    const second = await sample().end();
    expect(Buffer.from(first).equals(second)).toBe(true);
    const later = await sample({ createdAt: new Date('2027-01-05T00:00:00Z') }).end();
    expect(Buffer.from(first).equals(later)).toBe(false);
    expect(await read(later, 'pdfinfo')).toMatch(/CreationDate: .*2027/);
  });

  test('is A4 and says its title', async () => {
    const info = await read(await sample().end(), 'pdfinfo');
    expect(info).toContain('(A4)');
    expect(info).toMatch(/Title:\s+기록/);
  });

  test('names the characters its font lacks and draws the letter without its accent', async () => {
    const pdf = new PdfDocument(OPTIONS);
    pdf.paragraph('café 漢');
    expect(pdf.lacking).toEqual(['é', '漢']);
    expect(await read(await pdf.end(), 'pdftotext')).toContain('cafe □');
  });
});

describe('a table', () => {
  test('of 25,000 rows keeps every row, in order, under a heading on every page', async () => {
    const pdf = new PdfDocument(OPTIONS);
    const rows = Array.from({ length: 25_000 }, (_, index) => [
      `#${index + 1}`,
      '2026-01-05 09:12:44',
      '정상',
    ]);
    pdf.table({
      columns: [
        { title: '번호', width: 1, align: 'right' },
        { title: '시각', width: 2 },
        { title: '결과', width: 1 },
      ],
      rows,
      cells: 'clipped',
    });
    const text = await read(await pdf.end(), 'pdftotext', '-layout');
    expect(text.match(/#\d+/g)).toEqual(rows.map(([number]) => number));
    const pages = text.split('\f').filter((page) => page.trim() !== '');
    expect(pages.length).toBeGreaterThan(300);
    for (const page of pages) expect(page).toMatch(/번호\s+시각\s+결과/);
    expect(pages.at(-1)).toContain(`${pages.length} / ${pages.length}`);
  });

  test('breaks long cells into lines, or clips them', async () => {
    const columns = [
      { title: 'a', width: 1 },
      { title: 'b', width: 1 },
    ];
    const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
    const texts = await Promise.all(
      (['wrapped', 'clipped'] as const).map(async (cells) => {
        const pdf = new PdfDocument(OPTIONS);
        pdf.table({ columns, rows: [[long, 'x']], cells });
        return read(await pdf.end(), 'pdftotext');
      }),
    );
    expect(texts[0]?.match(/word\d+/g)).toHaveLength(60);
    expect(texts[1]).toContain('…');
    expect(texts[1]).not.toContain('word59');
  });
});

describe('lines', () => {
  const widthOf = (line: string): number => [...line].length;

  test('are never too wide and lose nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 1, max: 40 }),
        (text, width) => {
          const lines = wrapLines(text, width, widthOf);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
          const bare = (some: string): string => some.replaceAll(/[ \n]/g, '');
          expect(bare(lines.join(''))).toBe(bare(text));
        },
      ),
    );
  });

  test('are clipped to their width', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(widthOf(clipLine(text, width, widthOf))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
