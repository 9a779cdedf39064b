import { type ConfigField, describeConfig } from './fields.ts';

const { sections, fields } = describeConfig();
const indentOf = (path: string): string => '  '.repeat(path.split('.').length - 1);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** config/fevergate.yaml as it must be: every field at its default, with what it means and may be. */
export function documentedDefaults(): string {
  const lines = [
    '# yaml-language-server: $schema=./fevergate.schema.json',
    '#',
    '# Configuration of a fevergate: every field, at its default. A field left out keeps its default;',
    '# a field not listed here is refused. Check with: fevergate config check FILE',
  ];
  const write = (section: string): void => {
    for (const key of sections.find(({ path }) => path === section)?.keys ?? []) {
      const path = section === '' ? key : `${section}.${key}`;
      const indent = indentOf(path);
      const inner = sections.find((one) => one.path === path);
      if (inner !== undefined) {
        lines.push('', `${indent}# ${inner.description}`, `${indent}${key}:`);
        write(path);
        continue;
      }
      const field = fields.find((one) => one.path === path);
      if (field === undefined) throw new Error(`no field ${path}`);
      lines.push(
        `${indent}# ${field.description} Allowed: ${field.allowed}.`,
        `${indent}${key}: ${String(field.default)}`,
      );
    }
  };
  write('');
  return `${lines.join('\n')}\n`;
}

/** The tables of docs/configuration.md. */
export function settingsTables(): string {
  const tables = sections
    .map(({ path, description }) => ({
      path,
      description,
      rows: fields.filter((field) => parentOf(field) === path),
    }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ path, description, rows }) =>
      [
        `### ${path}`,
        '',
        description,
        '',
        '| field | default | allowed | |',
        '| --- | --- | --- | --- |',
        ...rows.map(
          (row) =>
            `| \`${nameOf(row.path)}\` | \`${String(row.default)}\` | ${cell(row.allowed)} | ${cell(row.description)} |`,
        ),
        '',
      ].join('\n'),
    );
  return tables.join('\n');
}

function parentOf({ path }: ConfigField): string {
  return path.slice(0, path.lastIndexOf('.'));
}

function cell(text: string): string {
  return text.replace(/text matching (\S+)/, 'text matching `$1`').replaceAll('|', '\\|');
}
