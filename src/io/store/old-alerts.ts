import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseOutboxLine } from '../../alerts/stored-alert.ts';
import type { NumberedAlert } from '../../domain/alert.ts';
import { removeFile, replaceFile, syncFolder, UNFINISHED } from './durable-file.ts';
import { errnoOf } from './store-error.ts';

/** Alerts as versions before 0.2 kept them: in a file of their own, a line for each and for each that was delivered. */
export type OldAlerts = Readonly<{
  /** Those not delivered, oldest first. */
  waiting: readonly NumberedAlert[];
  /** The last number given away, and its visit; 0: none. */
  sequence: number;
  visit: number;
}>;

const NAME = 'alerts.ndjson';
const LOCK = 'alerts.lock';

/**
 * Reads alerts of before, changing nothing; null when there are none. Lines that cannot be read are left out. Rejects with
 * the file system's error.
 */
export async function readOldAlerts(directory: string): Promise<OldAlerts | null> {
  const text = await readFile(path.join(directory, NAME), 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
    throw error;
  });
  if (text === null) return null;
  const waiting = new Map<string, NumberedAlert>();
  let [sequence, visit] = [0, 0];
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const entry = parseOutboxLine(line);
    if (entry === null) continue;
    if ('acknowledged' in entry) {
      waiting.delete(entry.acknowledged);
      continue;
    }
    const told =
      'sequence' in entry ? entry : { sequence: entry.alert.sequence, visit: entry.alert.visitNumber };
    sequence = Math.max(sequence, told.sequence);
    visit = Math.max(visit, told.visit);
    if ('alert' in entry) waiting.set(entry.alert.id, entry.alert);
  }
  return { waiting: [...waiting.values()], sequence, visit };
}

/**
 * Leaves only these of the alerts of before, which have no visit that could tell them; without any the file goes. Rejects
 * with the file system's error.
 */
export async function leaveOldAlerts(directory: string, alerts: readonly NumberedAlert[]): Promise<void> {
  const file = path.join(directory, NAME);
  await removeFile(path.join(directory, LOCK));
  await removeFile(`${file}${UNFINISHED}`);
  if (alerts.length > 0) {
    await replaceFile(file, alerts.map((alert) => `${JSON.stringify({ alert })}\n`).join(''));
    return;
  }
  await removeFile(file);
  // Come back after a power cut, it would tell of visits erased meanwhile.
  await syncFolder(directory);
}
