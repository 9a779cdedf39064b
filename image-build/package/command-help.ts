import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** One row of a help text's table: an option with its argument, or a sub-command with its arguments. */
export type HelpRow = Readonly<{ term: string; description: string }>;

/** A command as its own `--help` tells it; man page and completion are made from this, so that they cannot differ. */
export type CommandHelp = Readonly<{
  /** As in `fevergate records list`. */
  name: string;
  usage: string;
  description: string;
  options: readonly HelpRow[];
  commands: readonly CommandHelp[];
  /** What follows the tables. */
  closing: string;
}>;

const WIDE = '4000';
const FIRST_COLUMN = /^ {2}(\S.*?)(?: {2,}(.*))?$/;

/** Reads the help of a command and of all below it. @param program to run, as in `['node', 'dist/cli.js']` */
export async function readHelp(
  program: readonly string[],
  name: readonly string[] = ['fevergate'],
): Promise<CommandHelp> {
  const [file = '', ...first] = program;
  const args = [...first, ...name.slice(1), '--help'];
  const { stdout } = await execute(file, args, { env: { ...process.env, COLUMNS: WIDE } });
  const parts = parseHelp(stdout);
  const words = parts.commands
    .map(({ term }) => /^[a-z][\w-]*/.exec(term)?.[0] ?? '')
    .filter((word) => word !== '' && word !== 'help');
  const commands = await Promise.all(words.map((word) => readHelp(program, [...name, word])));
  return { ...parts, name: name.join(' '), commands };
}

/** The parts of a help text as commander lays it out. */
function parseHelp(
  text: string,
): Omit<CommandHelp, 'name' | 'commands'> & Readonly<{ commands: readonly HelpRow[] }> {
  const [head = '', ...rest] = text.trim().split(/\n\n/);
  const tables = { Options: [] as HelpRow[], Commands: [] as HelpRow[], Arguments: [] as HelpRow[] };
  const prose: string[] = [];
  let tablesBegan = false;
  const closing: string[] = [];
  for (const block of rest) {
    const [title = '', ...lines] = block.split('\n');
    const table = /^(Options|Commands|Arguments):$/.exec(title)?.[1] as keyof typeof tables | undefined;
    if (table !== undefined) {
      tablesBegan = true;
      tables[table].push(...lines.flatMap(rowOf));
    } else (tablesBegan ? closing : prose).push(block);
  }
  return {
    usage: head.replace(/^Usage: /, ''),
    description: prose.join('\n\n'),
    options: [...tables.Arguments, ...tables.Options],
    commands: tables.Commands,
    closing: closing.join('\n\n'),
  };
}

function rowOf(line: string): readonly HelpRow[] {
  const [, term, description = ''] = FIRST_COLUMN.exec(line) ?? [];
  return term === undefined ? [] : [{ term, description }];
}
