import type { Signal } from '../domain/signal.ts';
import { PATTERNS, stepAt } from './patterns.ts';

/** One lamp or the buzzer over time, as text: a column stands for `columnMs`. */
export type Timeline = Readonly<{ red: string; yellow: string; green: string; buzzer: string }>;

const DEFAULT_COLUMN_MS = 50;
const ON = '█';
const OFF = '·';

/** Draws a signal's first `spanMs` ms; a tone shows as its pitch: ▂ low, ▅ high, █ alarm. */
export function drawTimeline(signal: Signal, spanMs: number, columnMs = DEFAULT_COLUMN_MS): Timeline {
  const columns = Array.from({ length: Math.ceil(spanMs / columnMs) }, (_, column) => {
    return stepAt(PATTERNS[signal], column * columnMs).step;
  });
  return {
    red: columns.map((step) => (step.red ? ON : OFF)).join(''),
    yellow: columns.map((step) => (step.yellow ? ON : OFF)).join(''),
    green: columns.map((step) => (step.green ? ON : OFF)).join(''),
    buzzer: columns.map((step) => pitchMark(step.toneHz ?? 0)).join(''),
  };
}

function pitchMark(toneHz: number): string {
  if (toneHz === 0) return OFF;
  if (toneHz < 1000) return '▂';
  return toneHz < 2000 ? '▅' : '█';
}
