import { Chalk } from 'chalk';

/** One line of the table. */
export type TableFinding = Readonly<{
  check: string;
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  found: string;
  remedy: string | null;
}>;

const CHECK_WIDTH = 16;
const MARKS = { ok: '✔', warning: '!', failed: '✘', skipped: '-' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray' } as const;

/** A finding as text: mark, check and what was found; what to do below it. */
export function findingText({ check, status, found, remedy }: TableFinding, colours: boolean): string {
  const chalk = new Chalk(colours ? {} : { level: 0 });
  const line = `${chalk[COLOURS[status]](MARKS[status])} ${check.padEnd(CHECK_WIDTH)} ${found}`;
  return remedy === null ? line : `${line}\n  ${' '.repeat(CHECK_WIDTH)} ${chalk.bold('→')} ${remedy}`;
}
