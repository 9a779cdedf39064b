import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StorageProfile } from '../../../src/domain/storage-profile.ts';
import {
  type AskedProfile,
  parseKeptProfile,
  profileInForce,
  profileText,
} from '../../../src/records/profile.ts';

const profiles = fc.constantFrom<StorageProfile>(0, 1, 2, 3);
const days = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2026-03-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const asked = fc.record<AskedProfile>({
  profile: profiles,
  purpose: fc.constantFrom(null, 'route tracing'),
  legalBasis: fc.record({
    kind: fc.constantFrom('none', 'law'),
    text: fc.constantFrom(null, 'Article 1'),
    from: fc.option(days),
    until: fc.option(days),
  }),
});
const last = fc.option(profiles);
const today = fc.option(days);

test('never more is kept than is asked for, and never more than before without every reason', () => {
  fc.assert(
    fc.property(asked, last, today, (wanted, before, day) => {
      const { profile } = profileInForce(wanted, before, day);
      const { purpose, legalBasis } = wanted;
      const reasons =
        purpose !== null &&
        legalBasis.kind !== 'none' &&
        legalBasis.text !== null &&
        legalBasis.until !== null;
      expect(profile).toBeLessThanOrEqual(Math.max(wanted.profile, before ?? 2));
      if (profile > (before ?? 2)) expect(reasons && day !== null).toBe(true);
      if (wanted.profile <= (before ?? 2)) expect(profile).toBeLessThanOrEqual(wanted.profile);
    }),
  );
});

test('outside its days a basis leaves counts at most; within them it decides nothing', () => {
  fc.assert(
    fc.property(asked, last, days, (wanted, before, day) => {
      const { profile } = profileInForce(wanted, before, day);
      const { from, until } = wanted.legalBasis;
      const outside = (from !== null && day < from) || (until !== null && day > until);
      if (outside && wanted.profile > 1) expect(profile).toBe(Math.min(1, before ?? 2));
    }),
  );
});

test('without a known day no date lowers, and none raises', () => {
  fc.assert(
    fc.property(asked, last, (wanted, before) => {
      expect(profileInForce(wanted, before, null).profile).toBe(Math.min(wanted.profile, before ?? 2));
    }),
  );
});

test('what is judged again without a change stays', () => {
  fc.assert(
    fc.property(asked, last, today, (wanted, before, day) => {
      const once = profileInForce(wanted, before, day);
      expect(profileInForce(wanted, once.profile, day)).toEqual(once);
      expect(profileText(wanted, once)).toContain(`storage profile ${once.profile} in force`);
    }),
  );
});

test.each(['', '{', '{"version":1,"profile":4,"day":null}', '{"version":1,"profile":2,"day":"today"}'])(
  '%s is no kept profile',
  (text) => {
    expect(parseKeptProfile(text)).toBeNull();
  },
);
