import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { ChangeAnswer, ChangeRequest } from '../../records/change-request.ts';
import type { Check } from '../../records/stored-visit.ts';
import { applyChange } from './apply-change.ts';
import { askRunningGate } from './change-spool.ts';
import { openRecordFolder, type RecordFolder } from './record-folder.ts';
import { StoreError } from './store-error.ts';

/** Above every cap: changing records deletes none for it. */
const NO_CAP = Number.MAX_SAFE_INTEGER;

/** A folder of records, and the trail of what is done with it. */
export type RecordsAccess = Readonly<{ directory: string; audit: AuditTrail }>;

/**
 * Deletes visits, each with its photo and what waits to be told of it; a running gate does it itself. Adds `erasure` to
 * the audit trail.
 * @param by at whose wish
 * @returns how many of them were kept until now
 * @throws StoreError `no-answer`: the running gate did not answer within 10 s, ask again; `full`, `read-only`, `io`
 */
export async function eraseVisits(
  records: RecordsAccess,
  numbers: readonly number[],
  by: 'visitor' | 'operator',
): Promise<Readonly<{ erased: number }>> {
  const answer = await change(records, { kind: 'erase', numbers: [...numbers], by });
  return { erased: answer.kind === 'erased' ? answer.erased : 0 };
}

/**
 * Enters what a guard found with a clinical thermometer, in place of what was entered before. Adds `check-entered` to
 * the audit trail.
 * @param by who entered it, as they say
 * @throws StoreError `not-found`: that visit is not kept, or was normal; and as {@link eraseVisits}
 */
export async function enterCheck(
  records: RecordsAccess,
  number: number,
  check: Check,
  by: string,
): Promise<void> {
  await change(records, { kind: 'check', number, check, by });
}

async function change({ directory, audit }: RecordsAccess, request: ChangeRequest): Promise<ChangeAnswer> {
  const folder = await openUnlessLocked(directory);
  if (folder === null) return askRunningGate(directory, request);
  try {
    return await applyChange(folder.visits, audit, request);
  } finally {
    await folder.close();
  }
}

/** Null while a gate runs with these records. */
async function openUnlessLocked(directory: string): Promise<RecordFolder | null> {
  try {
    return await openRecordFolder({ directory, capVisits: NO_CAP });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'locked') return null;
    throw error;
  }
}
