import { readdir, stat } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.ts';
import {
  type AskedProfile,
  type ProfileInForce,
  profileInForce,
  profileText,
} from '../../records/profile.ts';
import { isoDay } from '../../records/stored-visit.ts';
import { readKeptProfile } from './profile-keeper.ts';
import { SET_ASIDE } from './set-aside.ts';
import type { StoreErrorCode } from './store-error.ts';
import { whyNotWritable } from './writable.ts';

/** How a folder of records is doing, without a gate having to run. */
export type RecordsReport = Readonly<{
  /** Why nothing can be written; null: it can, or the folder is not made yet. */
  unwritable: StoreErrorCode | null;
  inForce: ProfileInForce;
  /** Which profile is in force, and why, in words. */
  profileText: string;
  /** Files of lines that could not be read any more. */
  setAside: number;
}>;

/** Looks at a folder of records; writes and removes a small file there. */
export async function reportOnRecords(
  directory: string,
  asked: AskedProfile,
  clock: Clock,
): Promise<RecordsReport> {
  const there = await stat(directory).catch(() => null);
  const names = there === null ? [] : await readdir(directory);
  const kept = await readKeptProfile(directory);
  const { unixMs, trusted } = clock.wallTime();
  const today = trusted ? isoDay(unixMs) : (kept?.day ?? null);
  const inForce = profileInForce(asked, kept?.profile ?? null, today);
  return {
    unwritable: there === null ? null : await whyNotWritable(directory),
    inForce,
    profileText: profileText(asked, inForce),
    setAside: names.filter((name) => name.endsWith(SET_ASIDE)).length,
  };
}
