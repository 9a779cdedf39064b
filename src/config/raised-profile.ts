import type { z } from 'zod';
import type { records as schema } from './records-schema.ts';

/** The highest storage profile that needs no reason: the default. */
const DEFAULT_PROFILE = 2;

/** What a storage profile above the default lacks; each field with what must be done. */
export function raisedWithoutReason({
  records,
}: Readonly<{ records: z.output<typeof schema> }>): readonly Readonly<{ field: string; problem: string }>[] {
  const { profile, purpose, legalBasis, photo } = records;
  if (profile <= DEFAULT_PROFILE) return [];
  const needed = `must be given, for records.profile is ${profile}`;
  return [
    ...(purpose === null ? [{ field: 'records.purpose', problem: needed }] : []),
    ...(legalBasis.kind === 'none' ? [{ field: 'records.legalBasis.kind', problem: needed }] : []),
    ...(legalBasis.text === null ? [{ field: 'records.legalBasis.text', problem: needed }] : []),
    ...(legalBasis.until === null ? [{ field: 'records.legalBasis.until', problem: needed }] : []),
    ...(photo.recipient === null ? [{ field: 'records.photo.recipient', problem: needed }] : []),
  ];
}
