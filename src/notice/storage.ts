import type { Config } from '../config/schema.ts';
import type { StorageProfile } from '../domain/storage-profile.ts';
import { type ProfileInForce, profileInForce } from '../records/profile.ts';

type Records = Config['records'];

/** Whether what allows the records holds on a day. */
export type BasisState = 'none' | 'not-yet' | 'in-force' | 'ended';

/** Something kept, and of whom. */
export type KeptItem = Readonly<{
  item:
    | 'count'
    | 'number'
    | 'time'
    | 'class'
    | 'mask'
    | 'temperature'
    | 'uncertainty'
    | 'comparison'
    | 'sensor'
    | 'check'
    | 'alert'
    | 'photo';
  of: 'all' | 'elevated-and-recheck' | 'elevated' | 'checked' | 'masked' | 'all-unmasked-pixelated';
}>;

/** What is kept, how long and why. */
export type StorageFacts = Readonly<{
  configured: StorageProfile;
  /** May differ from what is configured, and why. */
  inForce: StorageProfile;
  because: ProfileInForce['because'];
  items: readonly KeptItem[];
  capVisits: number;
  maximumAgeDays: number;
  /** The operator's words. */
  purpose: string | null;
  basis: Readonly<{
    kind: Records['legalBasis']['kind'];
    /** The operator's words. */
    text: string | null;
    from: string | null;
    until: string | null;
    state: BasisState;
  }>;
  /** Null: no photo is kept. */
  photo: Readonly<{ keys: 1 | 2; withoutMask: Records['photo']['withoutMask'] }> | null;
}>;

const LENGTH_OF_DAY = '2026-01-31'.length;
/**
 * @param last the last profile in force in these records; null: none yet
 * @param now local time, ISO 8601
 * @param alerted whether elevated visits raise alerts
 */
export function storageFacts(
  records: Records,
  last: StorageProfile | null,
  now: string,
  alerted: boolean,
): StorageFacts {
  const { legalBasis, photo } = records;
  const today = now.slice(0, LENGTH_OF_DAY);
  const { profile: inForce, because } = profileInForce(records, last, today);
  const keptPhoto =
    inForce === 3 && photo.recipient !== null
      ? { keys: photo.secondRecipient === null ? (1 as const) : (2 as const), withoutMask: photo.withoutMask }
      : null;
  return {
    configured: records.profile,
    inForce,
    because,
    items: itemsOf(inForce, keptPhoto, alerted),
    capVisits: records.capVisits,
    maximumAgeDays: records.maximumAgeDays,
    purpose: records.purpose,
    basis: { ...legalBasis, state: basisState(legalBasis, today) },
    photo: keptPhoto,
  };
}

/** @param today local day, 2026-01-31; days compare as texts */
export function basisState({ kind, from, until }: Records['legalBasis'], today: string): BasisState {
  if (kind === 'none') return 'none';
  if (from !== null && today < from) return 'not-yet';
  return until !== null && today > until ? 'ended' : 'in-force';
}

function itemsOf(
  profile: StorageProfile,
  photo: StorageFacts['photo'],
  alerted: boolean,
): readonly KeptItem[] {
  if (profile === 0) return [];
  if (profile === 1) return [{ item: 'count', of: 'all' }];
  return [
    { item: 'number', of: 'all' },
    { item: 'time', of: 'all' },
    { item: 'class', of: 'all' },
    { item: 'mask', of: 'all' },
    { item: 'temperature', of: 'elevated-and-recheck' },
    { item: 'uncertainty', of: 'elevated-and-recheck' },
    { item: 'comparison', of: 'elevated-and-recheck' },
    { item: 'sensor', of: 'elevated-and-recheck' },
    { item: 'check', of: 'checked' },
    ...(alerted ? [{ item: 'alert', of: 'elevated' } as const] : []),
    ...(photo === null
      ? []
      : [{ item: 'photo', of: photo.withoutMask === 'none' ? 'masked' : 'all-unmasked-pixelated' } as const]),
  ];
}
