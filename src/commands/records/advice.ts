import type { StoredVisit } from '../../records/stored-visit.ts';
import { type Language, WORDS } from '../../records/words.ts';

/** Says to the reader, beside the list, what an elevated or recheck visit without a check asks for. */
export function adviseCheck(visits: readonly StoredVisit[], language: Language): void {
  const open = visits.some((visit) => visit.class !== 'normal' && visit.check === undefined);
  if (open) process.stderr.write(`${WORDS[language].advice}\n`);
}
