import { bench, describe } from 'vitest';
import { PdfDocument } from '../src/io/pdf/document.ts';

const ROWS = Array.from({ length: 25_000 }, (_, index) => [
  String(index + 1),
  '2026-01-05 09:12:44 +09:00',
  index % 7 === 0 ? '재확인' : '정상',
  '착용',
  '36.42',
  '0.12',
  '34.85',
]);

describe('records as PDF', () => {
  bench(
    '25,000 rows of 7 columns',
    async () => {
      const pdf = new PdfDocument({ title: '기록', language: 'ko', createdAt: new Date(0), footer: null });
      pdf.table({
        columns: ['번호', '시각', '결과', '마스크', '온도', '불확도', '기준'].map((title) => ({
          title,
          width: 1,
        })),
        rows: ROWS,
        cells: 'clipped',
      });
      await pdf.end();
    },
    { iterations: 5, warmupIterations: 1 },
  );
});
