import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ExportManifest, parseManifest } from '../../records/export-manifest.ts';
import { readAudit } from './audit-file.ts';
import { asStoreError, errnoOf } from './store-error.ts';
import type { Verified } from './verify-records.ts';

/**
 * Verifies an exported file by its manifest, beside which it lies.
 * @param directory folder of the records, whose audit trail must tell of the export; may be missing, as elsewhere
 * @throws StoreError `read-only` or `io`
 */
export async function verifyExport(manifestFile: string, directory: string): Promise<Verified> {
  const broken = (found: string): Verified => ({ what: 'export', whole: false, found });
  try {
    const manifest = parseManifest(await readFile(manifestFile, 'utf8'));
    if (manifest === null) return broken(`${manifestFile}: is not a manifest`);
    const file = path.join(path.dirname(manifestFile), manifest.file);
    const content = await contentOf(file);
    if (content === null) return broken(`${file}: is missing`);
    if (createHash('sha256').update(content).digest('hex') !== manifest.sha256)
      return broken(`${file}: is not what was exported: its SHA-256 is another one`);
    const found = `${file}: ${manifest.visits} visits, as exported at ${manifest.time}`;
    if (!(await isFolder(directory)))
      return { what: 'export', whole: true, found: `${found}; no audit trail at hand` };
    const missing = await missingInTrail(directory, manifest);
    return missing === null
      ? { what: 'export', whole: true, found: `${found}, told by entry ${manifest.audit.seq}` }
      : broken(missing);
  } catch (error) {
    throw asStoreError(error, `verifying ${manifestFile}`);
  }
}

/** What the trail lacks of an export: an entry a manifest names cannot be rewritten unnoticed. */
async function missingInTrail(directory: string, { audit, sha256 }: ExportManifest): Promise<string | null> {
  const { entries } = await readAudit(directory);
  const entry = entries.find(({ seq }) => seq === audit.seq);
  if (entry === undefined) return `the audit trail has no entry ${audit.seq}, which tells of this export`;
  const same = entry.hash === audit.hash && entry.event === 'export' && entry.sha256 === sha256;
  return same ? null : `entry ${audit.seq} of the audit trail is not the one that told of this export`;
}

async function contentOf(file: string): Promise<Uint8Array | null> {
  return readFile(file).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}

async function isFolder(directory: string): Promise<boolean> {
  return stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
