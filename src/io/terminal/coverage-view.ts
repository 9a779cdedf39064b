import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Signal } from '../../domain/signal.ts';
import { PROMPTS } from './prompts.ts';

/** How a calibration's walk stands. */
export type CoverageScene = Readonly<{
  signal: Signal;
  /** Moments in each part of the field: near, middle, far, each left, middle, right as the gate looks. */
  counts: readonly number[];
  /** Part that is wanted next; null: none. */
  wanted: number | null;
  /** Part where the person is; null: not seen. */
  at: Readonly<{ band: 'near' | 'middle' | 'far'; side: 'left' | 'middle' | 'right' }> | null;
  /** Moments that fill a part. */
  full: number;
  remainingS: number;
}>;

export interface CoverageView {
  draw(scene: CoverageScene): void;
  close(): void;
}

const BANDS = ['near', 'middle', 'far'] as const;
const SIDES = ['left', 'middle', 'right'] as const;
const BAR = 8;

/** Draws the field in place on a terminal; elsewhere a line for each new prompt. */
export function openCoverageView(stream: NodeJS.WriteStream): CoverageView {
  if (!stream.isTTY) return promptLines(stream);
  const update = createLogUpdate(stream);
  return { draw: (scene) => update(coverageText(scene)), close: () => update.done() };
}

/** The field from above: the gate at the bottom, seen by whoever stands before it. */
function coverageText({ signal, counts, wanted, at, full, remainingS }: CoverageScene): string {
  const [english, korean] = PROMPTS[signal];
  const rows = BANDS.map((band, row) => {
    // The gate's right is the visitor's left.
    const cells = SIDES.map((side, column) => {
      const index = 3 * row + column;
      const done = Math.min(BAR, Math.round((BAR * (counts[index] ?? 0)) / full));
      const bar = '█'.repeat(done) + '·'.repeat(BAR - done);
      const here = at?.band === band && at.side === side ? '◉' : ' ';
      const cell = `${here}${bar}`;
      return index === wanted ? chalk.yellowBright(cell) : done === BAR ? chalk.green(cell) : cell;
    }).reverse();
    return `${band.padStart(8)} │ ${cells.join(' │ ')} │`;
  }).reverse();
  return [
    ...rows,
    `${' '.repeat(10)} your left ${' '.repeat(10)} gate ${' '.repeat(8)} your right`,
    '',
    `${chalk.bold(english)}  ${chalk.bold(korean)}   ${chalk.dim(`${Math.ceil(remainingS)} s left`)}`,
  ].join('\n');
}

function promptLines(stream: NodeJS.WriteStream): CoverageView {
  let shown: Signal | null = null;
  return {
    draw: ({ signal, remainingS }) => {
      if (signal === shown) return;
      shown = signal;
      stream.write(`${remainingS.toFixed(1)} s left: ${PROMPTS[signal].join(', ')}\n`);
    },
    close: () => undefined,
  };
}
