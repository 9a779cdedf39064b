import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import { readAudit } from './audit-file.ts';
import { destroyFile } from './destroy-file.ts';
import { acquireLock, STORE_LOCK } from './lock.ts';
import { kindOfRecordFile, type RecordFileKind, recordFiles } from './record-files.ts';
import { asStoreError, errnoOf } from './store-error.ts';

/** What was destroyed. */
export type RetiredRecords = Readonly<{
  /** Files by what they held. */
  files: Readonly<Partial<Record<RecordFileKind, number>>>;
  bytes: number;
  /** The closed trail: its last entry is `retired`. */
  audit: Readonly<{ entries: number; whole: boolean; headHash: string | null }>;
  /** Files that are not ours and were left. */
  left: readonly string[];
}>;

/**
 * Closes the audit trail of a folder of records and destroys everything of ours in it: the visits first, with the keys
 * of their photos, so that whatever is interrupted, no photo can be opened any more.
 * @param onFile told after every file
 * @throws StoreError `locked` while a gate runs; `read-only` or `io`: then it is to be repeated
 */
export async function retireRecords(
  { directory, audit }: Readonly<{ directory: string; audit: AuditTrail }>,
  onFile: (done: number, all: number) => void,
): Promise<RetiredRecords> {
  const lock = path.join(directory, STORE_LOCK);
  try {
    const unlock = await acquireLock(lock);
    try {
      await audit.append({ event: 'retired' });
      const { entries, broken } = await readAudit(directory);
      const closed = {
        entries: entries.length,
        whole: broken === null,
        headHash: entries.at(-1)?.hash ?? null,
      };
      return { ...(await destroyAll(directory, lock, onFile)), audit: closed };
    } finally {
      await unlock();
    }
  } catch (error) {
    throw asStoreError(error, `retiring ${directory}`);
  }
}

async function destroyAll(
  directory: string,
  ownLock: string,
  onFile: (done: number, all: number) => void,
): Promise<Omit<RetiredRecords, 'audit'>> {
  const { files, others } = await recordFiles(directory);
  const counts: Partial<Record<RecordFileKind, number>> = {};
  let bytes = 0;
  for (const [index, { file, kind }] of files.entries()) {
    if (file === ownLock) continue;
    bytes += await destroyFile(file);
    counts[kind] = (counts[kind] ?? 0) + 1;
    onFile(index + 1, files.length);
  }
  for (const folder of ['photos', 'requests']) await removeFolder(path.join(directory, folder));
  return { files: counts, bytes, left: others.filter((file) => kindOfRecordFile(file) === null) };
}

async function removeFolder(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTEMPTY'].includes(errnoOf(error))) throw error;
  });
}
