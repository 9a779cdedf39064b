import type { Block, Page } from './page.ts';

/** A document as one HTML file that loads nothing: it reads on a telephone, aloud, and prints on A4. */
export function htmlOf(page: Page): string {
  const { language, title, footer, blocks } = page;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${blocks.map(blockHtml).join('\n')}
</main>
<footer>${escaped(footer)}</footer>
</body>
</html>
`;
}

const STYLE = `:root { color-scheme: light dark; --line: #8a8a8a; --note: #fff3cd; --ink: #1a1a1a; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --line: #777; --note: #4a3d10; --ink: #eeeeee; --paper: #161616; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
main, footer { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { font-size: 1.2rem; line-height: 1.35; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .5rem 0; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid var(--line); }
table.pairs th { width: 38%; font-weight: 600; }
.note { background: var(--note); border-left: .3rem solid var(--line); padding: .5rem .75rem; font-weight: 600; }
footer { font-size: .85rem; border-top: 1px solid var(--line); }
@media print { :root { --line: #8a8a8a; --note: #ffffff; --ink: #000000; --paper: #ffffff; } @page { size: A4; margin: 18mm; } body { font-size: 10pt; } main, footer { max-width: none; padding: 0; } h2, h3 { break-after: avoid; } tr, .note { break-inside: avoid; } }`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escaped(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${escaped(block.text)}</p>`;
    case 'note':
      return `<p class="note" role="note">${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return isPairs(block) ? pairsHtml(block) : gridHtml(block);
  }
}

type Table = Extract<Block, { kind: 'table' }>;

/** A table of names and values has no title over the values; its names head the rows. */
function isPairs({ columns }: Table): boolean {
  return columns.length === 2 && columns[1] === '';
}

function pairsHtml({ columns, rows }: Table): string {
  const body = rows.map(
    ([name = '', value = '']) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
  );
  return `<table class="pairs" aria-label="${escaped(columns[0] ?? '')}">\n${body.join('\n')}\n</table>`;
}

function gridHtml({ columns, rows }: Table): string {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`);
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
