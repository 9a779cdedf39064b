import { Chalk } from 'chalk';
import type { Outcome } from '../../domain/visit.ts';
import type { ClassCounts, DayStatistics } from '../../records/visit-statistics.ts';
import { type Language, WORDS } from '../../records/words.ts';

const WIDTH = 40;
const CLASSES: readonly Outcome[] = ['normal', 'recheck', 'elevated'];
const COLOURS = { normal: 'green', recheck: 'yellow', elevated: 'redBright' } as const;
/** Told apart without colours too. */
const INKS = { normal: '█', recheck: '▓', elevated: '░' } as const;

/** A bar a day, as long as its visits are many; every class that occurs has at least one block. */
export function statisticsChart(
  days: readonly DayStatistics[],
  language: Language,
  colours: boolean,
): string {
  const chalk = new Chalk(colours ? {} : { level: 0 });
  const most = Math.max(1, ...days.map(({ classes }) => sum(classes)));
  const bar = (classes: ClassCounts): string =>
    CLASSES.map((name) => chalk[COLOURS[name]](INKS[name].repeat(blocks(classes[name], most)))).join('');
  const key = CLASSES.map((name) => `${chalk[COLOURS[name]](INKS[name])} ${WORDS[language].classes[name]}`);
  const lines = days.map(({ day, classes }) => {
    const counts = CLASSES.map((name) => String(classes[name])).join(' / ');
    return `${day}  ${String(sum(classes)).padStart(6)}  ${bar(classes)}  ${counts}`;
  });
  return `${[...lines, '', key.join('   ')].join('\n')}\n`;
}

function blocks(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(1, Math.round((WIDTH * count) / most));
}

function sum({ normal, recheck, elevated }: ClassCounts): number {
  return normal + recheck + elevated;
}
