import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokenLink } from '../../records/audit-chain.ts';
import { parseStoredVisit } from '../../records/stored-visit.ts';
import { readAudit } from './audit-file.ts';
import { isStoreInUse } from './lock.ts';
import { photoFiles } from './photo-files.ts';
import { readSegments, readVisits } from './read-visits.ts';
import type { SegmentText } from './segment.ts';
import { asStoreError, errnoOf } from './store-error.ts';

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

/** A running gate keeps a photo before its visit: so long may it stay without. */
const PHOTO_AHEAD_MS = 3000;

/**
 * Verifies a folder of records, also while a gate runs: the audit trail's chain, that every visit can be read and
 * numbers rise, the cap, and that no photo is without its visit.
 * @throws StoreError `read-only` or `io`
 */
export async function verifyRecords(directory: string, capVisits: number): Promise<readonly Verified[]> {
  try {
    return [
      await verifyAudit(directory),
      ...verifyVisits(await readSegments(directory), capVisits),
      await verifyPhotos(directory),
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

function verifyVisits(segments: readonly SegmentText[], capVisits: number): readonly Verified[] {
  let last = 0;
  let visits = 0;
  let wrong: string | null = null;
  for (const { segment, lines } of segments) {
    const file = path.basename(segment.file);
    for (const { text, visit } of lines) {
      if (visit !== null && visit.number > last) {
        last = visit.number;
        visits++;
        continue;
      }
      const problem = parseStoredVisit(text) === null ? 'cannot be read' : 'has a number that does not rise';
      wrong ??= `${file}: the line after ${last === 0 ? 'the beginning' : `visit ${last}`} ${problem}`;
    }
  }
  const found = `${visits} visits in ${segments.length} files, numbers rising`;
  return [
    { what: 'visits', whole: wrong === null, found: wrong ?? found },
    { what: 'cap', whole: visits <= capVisits, found: `${visits} visits, ${capVisits} allowed` },
  ];
}

async function verifyPhotos(directory: string): Promise<Verified> {
  const photos = await photoNumbers(directory);
  let orphans = await withoutVisit(directory, photos);
  if (orphans.length > 0 && (await isStoreInUse(directory))) {
    await sleep(PHOTO_AHEAD_MS);
    const still = new Set(await photoNumbers(directory));
    orphans = (await withoutVisit(directory, orphans)).filter((number) => still.has(number));
  }
  const [first] = orphans;
  if (first === undefined)
    return { what: 'photos', whole: true, found: `${photos.length} photos, each with its visit` };
  const found = `${orphans.length} photos without a visit, the first of visit ${first}`;
  return { what: 'photos', whole: false, found };
}

/** Photos first, visits after: a visit that comes in between has its photo already. */
async function withoutVisit(directory: string, photos: readonly number[]): Promise<readonly number[]> {
  const kept = new Set((await readVisits(directory)).map(({ number }) => number));
  return photos.filter((number) => !kept.has(number));
}

async function photoNumbers(directory: string): Promise<readonly number[]> {
  const { folder, photoOf } = photoFiles(directory);
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .map((name) => ({ name, number: Number.parseInt(name, 10) }))
    .filter(({ name, number }) => name === path.basename(photoOf(number)))
    .map(({ number }) => number)
    .sort((a, b) => a - b);
}
