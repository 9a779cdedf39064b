import { z } from 'zod';
import type { StorageProfile } from '../domain/storage-profile.ts';

/** The highest profile that needs no reason: the default. */
const DEFAULT_PROFILE = 2;
/** What is left when the legal basis does not hold. */
const WITHOUT_BASIS = 1;

/** What a configuration asks for, with the reasons it gives. */
export type AskedProfile = Readonly<{
  profile: StorageProfile;
  purpose: string | null;
  legalBasis: Readonly<{
    kind: 'none' | 'consent' | 'law' | 'public-health';
    text: string | null;
    /** First and last day it holds, as 2026-01-31. */
    from: string | null;
    until: string | null;
  }>;
}>;

/** The storage profile in force, and why it is that one. */
export type ProfileInForce = Readonly<
  { profile: StorageProfile } & (
    | { because: 'configured' | 'basis-not-begun' | 'basis-ended' | 'clock-unset' }
    /** Names of the settings that raising it needs. */
    | { because: 'reason-missing'; missing: readonly string[] }
  )
>;

/**
 * The storage profile in force. Raising it above the last one in force needs a purpose, a legal basis and its end date;
 * outside its days a basis does not hold, and only counts are kept.
 * @param last the last one in force here; null: there was none yet
 * @param today the local day; null: nobody knows, the clock was never synchronised. Then no date lowers the profile,
 *   and none can raise it.
 */
export function profileInForce(
  asked: AskedProfile,
  last: StorageProfile | null,
  today: string | null,
): ProfileInForce {
  const before = last ?? DEFAULT_PROFILE;
  const { from, until } = asked.legalBasis;
  if (asked.profile > WITHOUT_BASIS && today !== null) {
    const less = Math.min(before, WITHOUT_BASIS) as StorageProfile;
    if (from !== null && today < from) return { profile: less, because: 'basis-not-begun' };
    if (until !== null && today > until) return { profile: less, because: 'basis-ended' };
  }
  if (asked.profile > before) {
    const missing = missingReasons(asked);
    if (missing.length > 0) return { profile: before, because: 'reason-missing', missing };
    if (today === null) return { profile: before, because: 'clock-unset' };
  }
  return { profile: asked.profile, because: 'configured' };
}

/** Which profile is in force and why, in words for the log. */
export function profileText(asked: AskedProfile, inForce: ProfileInForce): string {
  const { from, until } = asked.legalBasis;
  switch (inForce.because) {
    case 'configured':
      return `storage profile ${inForce.profile} in force`;
    case 'reason-missing':
      return `storage profile ${inForce.profile} in force, not ${asked.profile}: raising it needs ${inForce.missing.join(', ')}`;
    case 'clock-unset':
      return `storage profile ${inForce.profile} in force, not ${asked.profile}: raised once the clock is synchronised`;
    case 'basis-not-begun':
      return `storage profile ${inForce.profile} in force, not ${asked.profile}: the legal basis holds from ${from}`;
    case 'basis-ended':
      return `storage profile ${inForce.profile} in force, not ${asked.profile}: the legal basis ended with ${until}`;
  }
}

function missingReasons({ purpose, legalBasis }: AskedProfile): readonly string[] {
  return [
    ...(purpose === null ? ['records.purpose'] : []),
    ...(legalBasis.kind === 'none' ? ['records.legalBasis.kind'] : []),
    ...(legalBasis.text === null ? ['records.legalBasis.text'] : []),
    ...(legalBasis.until === null ? ['records.legalBasis.until'] : []),
  ];
}

const keptProfileSchema = z.strictObject({
  version: z.literal(1),
  profile: z.literal([0, 1, 2, 3]),
  /** The last day on which the clock was known to be right; null: never yet. */
  day: z.iso.date().nullable(),
});

/** The last profile in force, as kept on disk. */
export type KeptProfile = Readonly<z.output<typeof keptProfileSchema>>;

/** Reads the file's text; null when it is not such a file. */
export function parseKeptProfile(text: string): KeptProfile | null {
  try {
    const result = keptProfileSchema.safeParse(JSON.parse(text));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
