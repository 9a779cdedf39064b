import type { CommandHelp } from './command-help.ts';

const FILES = [
  ['/etc/fevergate/fevergate.yaml', 'configuration of the gate that the service runs'],
  ['/usr/share/doc/fevergate/examples/fevergate.yaml', 'every field, at its default'],
  ['/var/lib/fevergate', 'records, calibration and audit trail'],
] as const;

/** fevergate(1), from the program's own help. @param dateMs shown at the foot */
export function manPage(help: CommandHelp, version: string, dateMs: number): string {
  const date = new Date(dateMs).toISOString().slice(0, 10);
  return [
    `.TH FEVERGATE 1 "${date}" "fevergate ${version}" "User Commands"`,
    '.SH NAME',
    'fevergate \\- fever\\-screening gate: face surface temperature and mask, nobody recognised',
    '.SH SYNOPSIS',
    '.B fevergate',
    '.I COMMAND',
    '.RI [ OPTIONS ]',
    '.SH DESCRIPTION',
    escaped(help.description),
    '.SH COMMANDS',
    ...help.commands.flatMap(commandText),
    '.SH FILES',
    ...FILES.flatMap(([file, what]) => ['.TP', `.I ${escaped(file)}`, escaped(what)]),
    '.SH EXIT STATUS',
    '0 ended in order; 1 could not start or go on, and said why; 70 a fault of the program.',
    '.SH SEE ALSO',
    '.BR systemctl (1),',
    '.BR journalctl (1);',
    '/usr/share/doc/fevergate',
    '',
  ].join('\n');
}

function commandText({ usage, description, options, commands, closing }: CommandHelp): readonly string[] {
  if (commands.length > 0) return commands.flatMap(commandText);
  return [
    `.SS ${escaped(usage)}`,
    escaped(description),
    ...options
      .filter(({ term }) => !term.includes('--help'))
      .flatMap((row) => ['.TP', `.B ${escaped(row.term)}`, escaped(row.description) || '\\&']),
    ...(closing === '' ? [] : ['.PP', escaped(closing)]),
  ];
}

/** Text that no line of is taken for a request. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(['.])/gm, '\\&$1');
}
