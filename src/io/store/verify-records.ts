import { open } from 'node:fs/promises';
import type { BrokenLink } from '../../records/audit-chain.ts';
import { readAudit } from './audit-file.ts';
import { photoInBlocks, photosFile } from './photo-blocks.ts';
import { asStoreError, errnoOf } from './store-error.ts';
import { type PlacedVisit, readVisitsFile, type VisitsFound } from './visits-file.ts';

/** One thing that was verified. */
export type Verified = Readonly<{
  what: 'audit' | 'visits' | 'cap' | 'photos' | 'export';
  whole: boolean;
  /** What was found; where it is not whole, the first thing that is wrong. */
  found: string;
}>;

const WRONG: Readonly<Record<BrokenLink['wrong'], string>> = {
  unreadable: 'it is not an entry as it is written',
  hash: 'the entry was changed',
  chain: 'it does not follow from the entry before, which was changed, removed or put in',
  order: 'entries before it were removed, repeated or exchanged',
  end: 'entries are missing at the end',
  head: 'audit-head.json does not say how far the trail goes, or not what was written',
};

/**
 * Verifies a folder of records, also while a gate runs: the audit trail's chain, that every visit can be read and has a
 * number of its own, the cap, and that the photo of every visit that has one can be opened with its key.
 * @throws StoreError `read-only` or `io`
 */
export async function verifyRecords(directory: string, capVisits: number): Promise<readonly Verified[]> {
  try {
    const found = await readVisitsFile(directory);
    return [
      await verifyAudit(directory),
      ...verifyVisits(found, capVisits),
      await verifyPhotos(directory, found?.visits ?? []),
    ];
  } catch (error) {
    throw asStoreError(error, `verifying ${directory}`);
  }
}

async function verifyAudit(directory: string): Promise<Verified> {
  const { entries, broken, head } = await readAudit(directory);
  if (broken === null)
    return { what: 'audit', whole: true, found: `${entries.length} entries in one chain, head ${head.hash}` };
  const { line, seq, wrong } = broken;
  const entry = seq === null ? '' : ` (entry ${seq})`;
  return { what: 'audit', whole: false, found: `first broken link: line ${line}${entry}: ${WRONG[wrong]}` };
}

function verifyVisits(found: VisitsFound | null, capVisits: number): readonly Verified[] {
  const count = found?.visits.length ?? 0;
  const wrong = found?.wrong ?? null;
  return [
    {
      what: 'visits',
      whole: wrong === null,
      found: wrong ?? `${count} visits, each whole and under a number of its own`,
    },
    { what: 'cap', whole: count <= capVisits, found: `${count} visits, ${capVisits} allowed` },
  ];
}

async function verifyPhotos(directory: string, visits: readonly PlacedVisit[]): Promise<Verified> {
  const withPhoto = visits.filter(({ photo }) => photo !== null);
  const closed = await withoutPhoto(directory, withPhoto);
  // Deleted meanwhile, and another one written in its place.
  const still = closed.length === 0 ? null : await readVisitsFile(directory);
  const kept = new Set(still?.visits.flatMap(({ visit, photo }) => (photo === null ? [] : [visit.number])));
  const [first, ...others] = closed.filter((number) => kept.has(number));
  if (first === undefined)
    return { what: 'photos', whole: true, found: `${withPhoto.length} photos, each opened with its key` };
  const found = `${others.length + 1} photos cannot be opened, the first of visit ${first}`;
  return { what: 'photos', whole: false, found };
}

/** Numbers of the visits whose photo is not what was written. */
async function withoutPhoto(directory: string, visits: readonly PlacedVisit[]): Promise<readonly number[]> {
  const numbers: number[] = [];
  const file = await open(photosFile(directory)).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
  try {
    for (const { visit, photo } of visits) {
      if (photo === null) continue;
      const sealed = file === null ? null : await photoInBlocks(file, visit.number, photo);
      if (sealed === null) numbers.push(visit.number);
    }
  } finally {
    await file?.close();
  }
  return numbers;
}
