import { open } from 'node:fs/promises';
import type { NumberedAlert } from '../../domain/alert.ts';
import { BLANK } from '../../records/place.ts';
import { type Head, headPlace, type KeptVisit } from '../../records/visit-place.ts';
import { destroyContent } from './destroy-file.ts';
import { exists, removeFile, UNFINISHED } from './durable-file.ts';
import { readOldAlerts } from './old-alerts.ts';
import { PlaceFile } from './place-file.ts';
import { SET_ASIDE, type SetAside } from './set-aside.ts';
import { takeOver } from './take-over.ts';
import { type Ordered, takeOverAlerts } from './take-over-alerts.ts';
import {
  type PlacedVisit,
  readVisitsFile,
  type VisitsFound,
  visitsFile,
  writeVisitsFile,
} from './visits-file.ts';

/** What opening a store found and put right. */
export type Recovered = Readonly<{
  /** Null: there is none yet. */
  file: PlaceFile | null;
  head: Head;
  /** By rising number. */
  visits: readonly PlacedVisit[];
  /** Above every number ever stored here. */
  nextNumber: number;
  /** The last alert's sequence; 0: there was none. */
  lastAlert: number;
  /** Alerts of before whose visits are not there. */
  strayAlerts: readonly NumberedAlert[];
  /** Lines cut off because their writing was interrupted; their visits never counted as stored. */
  tornLines: number;
  /** Lines that could not be read, now set aside, or of which nothing is left. */
  badLines: number;
  /** What was deleted as beyond the cap. */
  beyondCap: Readonly<{ visits: number; photos: number }>;
}>;

/**
 * Reads a store's folder and leaves it in order: every place holds a visit or nothing, and no visit is beyond the cap. An
 * unreadable line takes up a place under the cap.
 */
export async function recoverStore(
  directory: string,
  capVisits: number,
  setAside: SetAside,
): Promise<Recovered> {
  const name = visitsFile(directory);
  for (const file of [name, name + SET_ASIDE]) await removeFile(file + UNFINISHED);
  const taken = await takeOver(directory, setAside);
  const oldAlerts = await readOldAlerts(directory);
  // Alerts without a single visit: their numbers have to be kept.
  if (oldAlerts !== null && !(await exists(name))) await writeVisitsFile(directory, [], 1, 0);
  const found = await readVisitsFile(directory);
  if (found === null) return NOTHING;
  await setAside.add(found.unreadable);
  const asItWas =
    found.wrong === null ? await asFound(directory, found) : await writtenAnew(directory, found);
  const { strayAlerts, ...ordered } = await takeOverAlerts(directory, asItWas, oldAlerts);
  const excess = ordered.visits.length - visitsAllowed(capVisits, setAside);
  const beyond = ordered.visits.slice(0, Math.max(0, excess));
  const head = await headWithout(beyond, ordered);
  if (beyond.length > 0) await ordered.file.write(beyond.map(({ place }) => ({ place, bytes: BLANK })));
  ordered.file.free(beyond.map(({ place }) => place));
  const visits = ordered.visits.slice(beyond.length);
  await setAside.deleteBefore(visits[0]?.visit.number ?? ordered.nextNumber);
  return {
    ...ordered,
    head,
    visits,
    strayAlerts,
    tornLines: taken.tornLines + (found.torn ? 1 : 0),
    badLines: taken.badLines + found.unreadable.length + found.lost,
    beyondCap: { visits: beyond.length, photos: beyond.filter(({ photo }) => photo !== null).length },
  };
}

const NOTHING: Recovered = {
  file: null,
  head: { version: 1, next: 1, places: 1, alerts: 0 },
  visits: [],
  nextNumber: 1,
  lastAlert: 0,
  strayAlerts: [],
  tornLines: 0,
  badLines: 0,
  beyondCap: { visits: 0, photos: 0 },
};

/** How many visits may be kept beside what is set aside. */
export function visitsAllowed(capVisits: number, setAside: SetAside): number {
  return Math.max(1, capVisits - setAside.count);
}

/** The number of the next visit. What cannot be read any more may have had the numbers before it. */
export function nextNumberOf({ head, visits, unreadable, lost }: VisitsFound): number {
  const last = visits.at(-1)?.visit.number ?? 0;
  return Math.max(head?.next ?? 1, last + 1) + unreadable.length + lost;
}

/** The sequence of the last alert; like the numbers of visits, those that cannot be read any more may have had some. */
export function lastAlertOf({ head, visits, unreadable, lost }: VisitsFound): number {
  return Math.max(head?.alerts ?? 0, highestSequence(visits)) + unreadable.length + lost;
}

/** The highest sequence of the alerts of these visits; 0: they have none. */
function highestSequence(visits: readonly KeptVisit[]): number {
  return visits.reduce((highest, { alert }) => Math.max(highest, alert?.sequence ?? 0), 0);
}

/** The first line, which tells the last alert's sequence if these visits were the ones to tell it. */
async function headWithout(beyond: readonly KeptVisit[], { file, head, lastAlert }: Ordered): Promise<Head> {
  if (head.alerts >= lastAlert || highestSequence(beyond) < lastAlert) return head;
  const telling = { ...head, alerts: lastAlert };
  await file.write([{ place: 0, bytes: headPlace(telling) }]);
  return telling;
}

async function asFound(directory: string, found: VisitsFound): Promise<Ordered> {
  const { head, visits, unmade } = found;
  const file = await opened(directory, visits);
  if (unmade.length > 0) await file.write(unmade.map((place) => ({ place, bytes: BLANK })));
  const [nextNumber, lastAlert] = [nextNumberOf(found), lastAlertOf(found)];
  return { file, head: head ?? NOTHING.head, visits, nextNumber, lastAlert };
}

async function writtenAnew(directory: string, found: VisitsFound): Promise<Ordered> {
  const [nextNumber, lastAlert] = [nextNumberOf(found), lastAlertOf(found)];
  // The file of that name is another one then, and the keys of photos in this one would lie in free blocks.
  const before = await open(visitsFile(directory), 'r+');
  let head: Head;
  try {
    head = await writeVisitsFile(directory, found.visits, nextNumber, lastAlert);
    await destroyContent(before);
  } finally {
    await before.close();
  }
  const visits = found.visits.map((visit, index) => ({ ...visit, place: index + 1 }));
  return { file: await opened(directory, visits), head, visits, nextNumber, lastAlert };
}

function opened(directory: string, visits: readonly PlacedVisit[]): Promise<PlaceFile> {
  const used = new Set([0, ...visits.map(({ place }) => place)]);
  return PlaceFile.open(visitsFile(directory), BLANK, used);
}
