import type { Block, Page } from './page.ts';

/** A document as Markdown; its texts are escaped, so that nobody's words become markup. */
export function markdownOf({ title, blocks }: Page): string {
  return `${[`# ${escaped(title)}`, ...blocks.map(blockText)].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text)}`;
    case 'paragraph':
      return escaped(block.text);
    case 'note':
      return `> **${escaped(block.text)}**`;
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
      const rule = `|${block.columns.map(() => ' --- |').join('')}`;
      return [row(block.columns), rule, ...block.rows.map(row)].join('\n');
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&');
}
