import type { Command } from 'commander';
import { readAudit } from '../../io/store/audit-file.ts';
import type { AuditEntry } from '../../records/audit-entry.ts';
import { countOf } from './numbers.ts';
import { type PlaceFlags, recordsPlace, withPlace } from './place.ts';

type AuditFlags = PlaceFlags & Readonly<{ last?: number; json?: true }>;

/** `fevergate records audit`. */
export function addAudit(records: Command): void {
  withPlace(
    records.command('audit').description('show the audit trail: what was done with records and settings'),
  )
    .option('--last <count>', 'so many of the newest entries', countOf)
    .option('--json', 'one JSON line an entry, as kept')
    .action(async (flags: AuditFlags) => {
      const { directory } = await recordsPlace(flags);
      const { entries } = await readAudit(directory);
      const shown = flags.last === undefined ? entries : entries.slice(-flags.last);
      const lineOf = flags.json ? JSON.stringify : entryText;
      process.stdout.write(shown.map((entry) => `${lineOf(entry)}\n`).join(''));
    });
}

function entryText({ seq, time, time_trusted, event, prev: _, hash: __, ...told }: AuditEntry): string {
  const words = Object.entries(told).map(([name, value]) => `${name} ${textOf(value)}`);
  return `${String(seq).padStart(6)}  ${time}${time_trusted ? ' ' : '?'} ${event.padEnd(22)} ${words.join(', ')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
