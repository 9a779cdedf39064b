import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { JudgedVisit } from '../../screening/evaluation/replay-visits.ts';
import { rocCurve, type Scored } from '../../screening/evaluation/roc.ts';

const PANEL = { width: 360, height: 320, left: 52, top: 40 } as const;
const TIME = { width: 620, left: 500 } as const;
const SIZE = { width: TIME.left + TIME.width + 20, height: PANEL.top + PANEL.height + 60 } as const;
const COLOUR = {
  score: '#0b6e99',
  raw: '#999999',
  fever: '#c0392b',
  healthy: '#8fb3c4',
  limit: '#333333',
} as const;
const TICKS = 5;

type Scale = ReturnType<typeof scaleLinear<number>>;

/**
 * The ROC curves of score and bare reading, and the scores in their order, as an SVG picture.
 * @param skip first visits that the curves leave out
 */
export function screeningChart(judged: readonly JudgedVisit[], skip: number, title: string): string {
  const known = judged
    .slice(skip)
    .flatMap((visit) => (visit.fever === null ? [] : [{ ...visit, fever: visit.fever }]));
  const parts = [
    text(SIZE.width / 2, 20, title, 'middle', 14),
    rocPanel(
      known,
      known.map(({ readingC, fever }) => ({ score: readingC, fever })),
    ),
    timePanel(judged),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

function rocPanel(scores: readonly Scored[], raw: readonly Scored[]): string {
  const { left, top, width, height } = PANEL;
  const x = scaleLinear([0, 1], [left, left + width]);
  const y = scaleLinear([0, 1], [top + height, top]);
  const curve = (visits: readonly Scored[]): string =>
    line<[number, number]>()(
      rocCurve(visits).map((point) => [x(point.falseAlarmShare), y(point.sensitivity)]),
    ) ?? '';
  return [
    axes(x, y, 'share of healthy visitors elevated', 'share of fevers found'),
    `<path d="M${x(0)},${y(0)}L${x(1)},${y(1)}" stroke="#dddddd"/>`,
    `<path d="${curve(raw)}" fill="none" stroke="${COLOUR.raw}" stroke-width="1.5"/>`,
    `<path d="${curve(scores)}" fill="none" stroke="${COLOUR.score}" stroke-width="2"/>`,
    text(x(0.98), y(0.12), 'score of the gate', 'end', 11, COLOUR.score),
    text(x(0.98), y(0.05), 'bare reading', 'end', 11, COLOUR.raw),
  ].join('\n');
}

function timePanel(judged: readonly JudgedVisit[]): string {
  const { left, width } = TIME;
  const { top, height } = PANEL;
  const scores = judged.map(({ score }) => score);
  const x = scaleLinear([1, Math.max(2, judged.length)], [left, left + width]);
  const y = scaleLinear([Math.min(-3, ...scores), Math.max(4, ...scores)], [top + height, top]);
  const dots = judged.map(
    ({ score, fever }, index) =>
      `<circle cx="${x(index + 1).toFixed(1)}" cy="${y(score).toFixed(1)}" r="${fever ? 3 : 1.8}" fill="${fever ? COLOUR.fever : COLOUR.healthy}"/>`,
  );
  const limit = line<JudgedVisit>(
    (_, index) => x(index + 1),
    ({ limitScore }) => y(limitScore),
  )(judged);
  return [
    axes(x, y, 'visit', 'score, standard deviations above normal'),
    ...dots.filter((_, index) => !judged[index]?.fever),
    ...dots.filter((_, index) => judged[index]?.fever),
    `<path d="${limit ?? ''}" fill="none" stroke="${COLOUR.limit}"/>`,
    text(left + width, top - 6, 'red: fever by the reference; line: limit', 'end', 11),
  ].join('\n');
}

function axes(x: Scale, y: Scale, xTitle: string, yTitle: string): string {
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  const middle = (bottom + top) / 2;
  return [
    `<path d="M${left},${top}V${bottom}H${right}" fill="none" stroke="#333333"/>`,
    ...x.ticks(TICKS).map((tick) => text(x(tick), bottom + 15, String(tick), 'middle', 10)),
    ...y.ticks(TICKS).map((tick) => text(left - 6, y(tick) + 4, String(tick), 'end', 10)),
    text((left + right) / 2, bottom + 34, xTitle, 'middle', 11),
    `<g transform="rotate(-90 ${left - 36} ${middle})">${text(left - 36, middle, yTitle, 'middle', 11)}</g>`,
  ].join('\n');
}

function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
  size: number,
  fill = '#333333',
): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${fill}">${escaped}</text>`;
}
