import { createHash } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { createSystemClock } from '../../io/linux/system-clock.ts';
import { openAuditTrail, readAudit } from '../../io/store/audit-file.ts';
import { publishFile } from '../../io/store/export-file.ts';
import { type ExportManifest, manifestText } from '../../records/export-manifest.ts';
import { isoSeconds, type StoredVisit } from '../../records/stored-visit.ts';
import { CommandError } from '../command-error.ts';
import { softwareVersion } from '../software-version.ts';
import type { RecordsPlace } from './place.ts';
import type { Reasons } from './reasons.ts';

/** Where an export goes. */
export type ExportFile = Readonly<{ out: string; force?: true }>;

/** Something to hand over. */
export type HandOver = Readonly<{
  format: ExportManifest['format'];
  content: Uint8Array;
  /** What is in it; at least one visit. */
  visits: readonly StoredVisit[];
  /** What was asked for, in words. */
  selection: string;
  reasons: Reasons;
}>;

/** What is appended to the name of an exported file. */
const MANIFEST = '.manifest.json';

/**
 * Makes sure that a file and its manifest can be written, before anybody is asked anything.
 * @throws CommandError
 */
export async function checkOut({ out, force }: ExportFile): Promise<void> {
  const folder = path.dirname(path.resolve(out));
  await access(folder, constants.W_OK | constants.X_OK).catch(() => {
    throw new CommandError(`${folder}: cannot be written to`);
  });
  if (force) return;
  for (const file of [out, out + MANIFEST]) {
    const there = await stat(file).catch(() => null);
    if (there !== null) throw new CommandError(`${file}: there is such a file already; --force replaces it`);
  }
}

/**
 * Writes an export and its manifest. The audit trail tells of it before anything of it is on disk: an export that then
 * fails is told though it was none, never the other way round.
 * @throws StoreError when the trail or a file cannot be written
 */
export async function handOver(
  { config, directory }: RecordsPlace,
  { out, force }: ExportFile,
  { format, content, visits, selection, reasons }: HandOver,
): Promise<ExportManifest> {
  const [first, last] = [visits[0], visits.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('nothing to hand over');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const clock = createSystemClock();
  const trail = await openAuditTrail(directory, () => clock.wallTime());
  const range = `visits ${first.number} to ${last.number}: ${selection}`;
  await trail.append({ event: 'export', ...reasons, range, format, visits: visits.length, sha256 });
  const { unixMs, trusted } = clock.wallTime();
  const manifest: ExportManifest = {
    version: 1,
    file: path.basename(out),
    format,
    bytes: content.length,
    sha256,
    visits: visits.length,
    first: { number: first.number, time: first.time },
    last: { number: last.number, time: last.time },
    selection,
    purpose: reasons.purpose,
    recipient: reasons.recipient,
    legal_basis: reasons.legalBasis,
    by: reasons.by,
    time: isoSeconds(unixMs),
    time_trusted: trusted,
    software: `fevergate ${await softwareVersion()}`,
    gate: `${config.gate.site}/${config.gate.name}`,
    audit: await auditPlaceOf(directory, sha256),
  };
  const replace = force ?? false;
  await publishFile(out + MANIFEST, Buffer.from(manifestText(manifest)), replace);
  await publishFile(out, content, replace);
  return manifest;
}

async function auditPlaceOf(directory: string, sha256: string): Promise<ExportManifest['audit']> {
  const { entries } = await readAudit(directory);
  const entry = entries.findLast((one) => one.event === 'export' && one.sha256 === sha256);
  if (entry === undefined) throw new Error(`${directory}: the audit trail has lost the export just written`);
  return { seq: entry.seq, hash: entry.hash };
}
