import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { statisticsChart } from '../../../src/io/terminal/statistics-chart.ts';
import { visitsTable } from '../../../src/io/terminal/visits-table.ts';
import { toStoredVisit } from '../../../src/records/stored-visit.ts';
import { statisticsOf } from '../../../src/records/visit-statistics.ts';
import { aVisit } from '../../support/a-visit.ts';

const visits = [
  aVisit(9),
  { ...aVisit(10, 'elevated'), mask: 'not-worn' as const },
  { ...aVisit(11, 'recheck'), timeTrusted: false },
].map((visit) => toStoredVisit(visit, 'Asia/Seoul'));

test.each(['en', 'ko'] as const)('columns are aligned in %s', (language) => {
  const [head = '', ...rows] = visitsTable(visits, language, false).trimEnd().split('\n');
  const start = stringWidth(head.slice(0, head.indexOf(language === 'en' ? 'mask' : '마스크')));
  const masks = language === 'en' ? ['worn', 'not worn', 'worn'] : ['착용', '미착용', '착용'];
  rows.forEach((row, index) => {
    expect(stringWidth(row.slice(0, row.indexOf(masks[index] ?? 'x')))).toBe(start);
  });
  expect(rows[2]).toContain('09:00:22 ?');
  expect(rows[0]).not.toContain('°C');
});

test('colours are there only when asked for', () => {
  expect(visitsTable(visits, 'en', false)).not.toContain('\u001b');
});

test('a day’s bar shows every class that occurs', () => {
  const many = Array.from({ length: 500 }, (_, index) => aVisit(index + 12));
  const stored = [...visits, ...many.map((visit) => toStoredVisit(visit, 'Asia/Seoul'))];
  const [line = ''] = statisticsChart(statisticsOf(stored).days, 'en', false).split('\n');
  expect(line).toMatch(/^2026-01-05 {5}503 {2}█{40}▓░ {2}501 \/ 1 \/ 1$/);
});
