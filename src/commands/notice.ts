import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../config/load.ts';
import { DOCUMENTS } from '../notice/documents/documents.ts';
import { signOf } from '../notice/documents/sign.ts';
import type { NoticeFacts } from '../notice/facts.ts';
import { htmlOf } from '../notice/html.ts';
import { markdownOf } from '../notice/markdown.ts';
import type { Language } from '../notice/page.ts';
import { CommandError } from './command-error.ts';
import { readFacts } from './notice/gate-state.ts';
import { type Printed, pagePdf } from './notice/page-pdf.ts';
import { signPdf } from './notice/sign-pdf.ts';

type Format = 'html' | 'md' | 'json' | 'pdf';
type DocumentName = keyof typeof DOCUMENTS | 'sign';
type Flags = Readonly<{
  document: DocumentName;
  lang: Language;
  format?: Format;
  config?: string;
  out?: string;
}>;

/** `fevergate notice`: documents for visitors, staff and data protection officers, made from facts alone. */
export function noticeCommand(): Command {
  return new Command('notice')
    .description('print what the gate does with visitors, from its configuration and its records as they are')
    .addOption(
      new Option(
        '--document <name>',
        'notice: for the public; sign: for the door; policy: for staff; assessment: draft',
      )
        .choices(['notice', 'sign', 'policy', 'assessment'])
        .default('notice'),
    )
    .addOption(new Option('--lang <language>', 'the sign has both').choices(['ko', 'en']).default('ko'))
    .addOption(
      new Option('--format <format>', 'html (pdf for the sign), or the facts alone as json').choices([
        'html',
        'md',
        'json',
        'pdf',
      ]),
    )
    .option('--config <file>', 'configuration of the gate (default: the built-in defaults)')
    .option('--out <file>', 'write it there instead of to stdout')
    .action(async (flags: Flags) => {
      const facts = await readFacts(await loadConfig(flags.config ?? null));
      const written = await documentOf(facts, flags);
      if (flags.out === undefined) process.stdout.write(written);
      else await save(flags.out, written);
    });
}

async function documentOf(facts: NoticeFacts, flags: Flags): Promise<string | Uint8Array> {
  const { document, lang } = flags;
  const format = flags.format ?? (document === 'sign' ? 'pdf' : 'html');
  if (format === 'json') return `${JSON.stringify(facts, null, 2)}\n`;
  if (document === 'sign') {
    if (format !== 'pdf') throw new CommandError('the sign is made as pdf (or json: its facts)');
    return told(await signPdf(signOf(facts), facts.madeAt), flags);
  }
  const page = DOCUMENTS[document][lang](facts);
  if (format === 'pdf') return told(await pagePdf(page), flags);
  return format === 'html' ? htmlOf(page) : markdownOf(page);
}

function told({ bytes, lacking }: Printed, { out }: Flags): Uint8Array {
  if (out === undefined && process.stdout.isTTY) {
    throw new CommandError('a PDF is no text; say where to write it with --out FILE');
  }
  if (lacking.length > 0) {
    process.stderr.write(
      `fevergate: the font of PDFs lacks ${lacking.join(' ')}; the html format has everything\n`,
    );
  }
  return bytes;
}

async function save(file: string, written: string | Uint8Array): Promise<void> {
  await writeFile(file, written).catch((error: unknown) => {
    throw new CommandError(`--out ${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
}
