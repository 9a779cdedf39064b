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

/** Every segment, oldest first. */
async function readSegments(directory: string): Promise<readonly SegmentText[]> {
  const segments = await findSegments(directory).catch((error: unknown): Segment[] => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const texts: SegmentText[] = [];
  // The newest first: what a gate deletes for a visit it writes meanwhile is then never beside that visit.
  for (const segment of segments.reverse()) {
    const text = await readSegment(segment, 0).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (text !== null) texts.push(text);
  }
  return texts.reverse();
}

function visitsOf(texts: readonly SegmentText[]): readonly StoredVisit[] {
  const visits: StoredVisit[] = [];
  for (const { lines } of texts) {
    for (const { visit } of lines)
      if (visit !== null && visit.number > (visits.at(-1)?.number ?? 0)) visits.push(visit);
  }
  return visits;
}
