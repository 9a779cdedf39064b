import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import type { StoredVisit } from '../../records/stored-visit.ts';
import { textsOf, titlesIn } from '../../records/visit-texts.ts';
import type { Language } from '../../records/words.ts';

const COLOURS = { normal: 'green', recheck: 'yellow', elevated: 'redBright' } as const;
const GAP = '  ';
/** Column of the class, which is what is looked for. */
const CLASS = 2;

/** Visits as aligned lines under their titles; Hangul counts for two columns. */
export function visitsTable(visits: readonly StoredVisit[], language: Language, colours: boolean): string {
  const chalk = new Chalk(colours ? {} : { level: 0 });
  const titles = titlesIn(language);
  const rows = visits.map((visit) => textsOf(visit, language));
  const widths = titles.map((title, column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), stringWidth(title)),
  );
  const head = chalk.bold(joined(titles.map((title, column) => padded(title, column, widths))));
  const lines = rows.map((row, index) => {
    const ink = chalk[COLOURS[visits[index]?.class ?? 'normal']];
    return joined(
      row.map((text, column) => {
        const cell = padded(text, column, widths);
        return column === CLASS ? ink(cell) : cell;
      }),
    );
  });
  return `${[head, ...lines].join('\n')}\n`;
}

/** Numbers to the right, all else to the left. */
function padded(text: string, column: number, widths: readonly number[]): string {
  const space = ' '.repeat((widths[column] ?? 0) - stringWidth(text));
  return column === 0 ? space + text : text + space;
}

function joined(cells: readonly string[]): string {
  return cells.join(GAP).trimEnd();
}
