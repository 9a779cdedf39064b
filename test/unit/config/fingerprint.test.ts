import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedFields, configHash, fieldHashes, parseFieldHashes } from '../../../src/config/fingerprint.ts';
import { defaultConfig, parseConfig } from '../../../src/config/load.ts';

test('the order and comments of the file change nothing', () => {
  const one = parseConfig('gate: {site: a, name: b}\nvisit: {answerS: 5}\n', 'one');
  const other = parseConfig('# a comment\nvisit:\n  answerS: 5\ngate: {name: b, site: a}\n', 'other');
  expect(configHash(one)).toBe(configHash(other));
  expect(configHash(one)).not.toBe(configHash(defaultConfig()));
});

test('changed settings are named, and no value is kept', () => {
  const before = fieldHashes(parseConfig('operator: {contact: "02-1234-5678"}\n', 'before'));
  const now = fieldHashes(parseConfig('operator: {contact: "02-0000-0000"}\nrecords: {profile: 1}\n', 'now'));
  expect(changedFields(before, now)).toEqual(['operator.contact', 'records.profile']);
  expect(JSON.stringify(before)).not.toContain('1234');
  expect(changedFields(now, now)).toEqual([]);
});

test('a setting that came or went is a change', () => {
  const hash = 'a'.repeat(64);
  expect(changedFields({ b: hash }, { a: hash })).toEqual(['a', 'b']);
});

test('hashes are read back as written, anything else is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 28 }), (days) => {
      const hashes = fieldHashes(parseConfig(`records: {maximumAgeDays: ${days}}\n`, 'any'));
      expect(parseFieldHashes(JSON.stringify(hashes))).toEqual(hashes);
    }),
    { numRuns: 10 },
  );
  for (const text of ['', '{', '[]', '{"a":"b"}']) expect(parseFieldHashes(text)).toBeNull();
});
