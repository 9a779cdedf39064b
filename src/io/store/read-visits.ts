import type { StoredVisit } from '../../records/stored-visit.ts';
import { findSegments, readSegment, type Segment, type SegmentText } from './segment.ts';
import { asStoreError, errnoOf } from './store-error.ts';

/**
 * The visits of a folder of records, oldest first, as they are at this moment: without the lock, so also while a gate
 * writes and deletes. Changes nothing; lines that cannot be read are left out. Empty where there are no records.
 * @throws StoreError `read-only` or `io`
 */
export async function readVisits(directory: string): Promise<readonly StoredVisit[]> {
  try {
    return visitsOf(await readSegments(directory));
  } catch (error) {
    throw asStoreError(error, `reading ${directory}`);
  }
}

/** Every segment, oldest first; changes nothing. Rejects with the file system's error. */
export async function readSegments(directory: string): Promise<readonly SegmentText[]> {
  const segments = await findSegments(directory).catch((error: unknown): Segment[] => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const newest = segments.at(-1);
  if (newest === undefined) return [];
  // The newest first: what a gate deletes for a visit it writes meanwhile is then never beside that visit.
  const last = await textOf(newest);
  const texts = [...(await Promise.all(segments.slice(0, -1).map(textOf))), last];
  return texts.filter((text) => text !== null);
}

/** Null when it was deleted meanwhile. */
async function textOf(segment: Segment): Promise<SegmentText | null> {
  return readSegment(segment, 0).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}

function visitsOf(texts: readonly SegmentText[]): readonly StoredVisit[] {
  const visits: StoredVisit[] = [];
  for (const { lines } of texts) {
    for (const { visit } of lines)
      if (visit !== null && visit.number > (visits.at(-1)?.number ?? 0)) visits.push(visit);
  }
  return visits;
}
