import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/domain/audit-event.ts';
import { openRisks } from '../../../src/notice/risks.ts';
import { toStoredVisit } from '../../../src/records/stored-visit.ts';
import { aVisit } from '../../support/a-visit.ts';
import { CONFIG_HASH, factsOf, PHOTO_CONFIG } from '../../support/gate-facts.ts';

const what = (yaml: string, state = {}): readonly string[] =>
  factsOf(yaml, state).differences.map((difference) => difference.what);

describe('facts of what is kept', () => {
  test.each([
    [0, []],
    [1, ['count']],
    [2, ['number', 'time', 'class', 'mask', 'temperature', 'uncertainty', 'comparison', 'sensor', 'check']],
  ])('profile %i keeps just these items', (profile, items) => {
    expect(factsOf(`records: { profile: ${profile} }`).storage.items.map(({ item }) => item)).toEqual(items);
  });

  test('an alert’s number is kept where elevated visits raise alerts, and only there', () => {
    const alerts = (yaml: string) => factsOf(yaml).storage.items.filter(({ item }) => item === 'alert');
    expect(alerts('{}')).toEqual([]);
    expect(alerts('alerts: { mqtt: { enabled: true } }')).toEqual([{ item: 'alert', of: 'elevated' }]);
    expect(alerts('alerts: { mqtt: { embeddedBroker: { enabled: true } } }')).toHaveLength(1);
    expect(alerts('{ records: { profile: 1 }, alerts: { mqtt: { enabled: true } } }')).toEqual([]);
  });

  test('a photo is an item of profile 3 alone, and of masked visitors unless told otherwise', () => {
    const photos = (yaml: string) => factsOf(yaml).storage.items.filter(({ item }) => item === 'photo');
    expect(photos('{}')).toEqual([]);
    expect(photos(PHOTO_CONFIG)).toEqual([{ item: 'photo', of: 'masked' }]);
    expect(photos(PHOTO_CONFIG.replace('recipient:', 'withoutMask: pixelated, recipient:'))).toEqual([
      { item: 'photo', of: 'all-unmasked-pixelated' },
    ]);
  });

  test('the day after the basis ended, counts alone are kept, and the reason is told', () => {
    const last = factsOf(PHOTO_CONFIG, { now: '2026-12-31T23:59:59+09:00' });
    expect(last.storage).toMatchObject({ inForce: 3, because: 'configured', basis: { state: 'in-force' } });
    const after = factsOf(PHOTO_CONFIG, { now: '2027-01-01T00:00:00+09:00', lastProfile: 3 });
    expect(after.storage).toMatchObject({ inForce: 1, because: 'basis-ended', basis: { state: 'ended' } });
    expect(after.storage.items.map(({ item }) => item)).toEqual(['count']);
    expect(after.storage.photo).toBeNull();
  });

  test('visits held, the oldest by its time and not by its number, its age', () => {
    const visits = [aVisit(1), aVisit(2), aVisit(3)].map((visit) => toStoredVisit(visit, 'Asia/Seoul'));
    const [first, second, third] = visits;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three visits');
    const { held } = factsOf('{}', {
      visits: [first, { ...second, time: '2026-01-02T09:00:00+09:00' }, third],
      photos: 2,
    });
    expect(held).toEqual({
      visits: 3,
      photos: 2,
      counted: 0,
      oldestAt: '2026-01-02T09:00:00+09:00',
      oldestAgeDays: 30,
    });
    expect(factsOf('{}').held).toMatchObject({ visits: 0, oldestAt: null, oldestAgeDays: null });
  });
});

describe('facts from the audit trail', () => {
  const sha256 = 'ab'.repeat(32);
  const anExport = (visits: number): AuditEvent => ({
    event: 'export',
    purpose: 'tracing',
    recipient: 'health centre',
    legalBasis: 'a law',
    by: 'officer',
    range: 'all',
    format: 'csv',
    visits,
    sha256,
  });

  test('deletions by reason, erasures and exports are added up', () => {
    const { deletions, exports } = factsOf('{}', {
      events: [
        { event: 'deletion', because: 'cap', visits: 3, photos: 1 },
        { event: 'deletion', because: 'age', visits: 5, photos: 0 },
        { event: 'deletion', because: 'cap', visits: 4, photos: 0 },
        { event: 'deletion', because: 'profile', visits: 6, photos: 6 },
        { event: 'erasure', by: 'visitor', visits: 1 },
        { event: 'erasure', by: 'operator', visits: 2 },
        anExport(10),
        anExport(4),
      ],
    });
    expect(deletions).toEqual({ cap: 7, age: 5, profile: 6, erased: 3 });
    expect(exports).toEqual({ times: 2, visits: 14 });
  });

  test('the last change of the configuration, and whether the gate runs with this one', () => {
    const start = (configHash: string): AuditEvent => ({
      event: 'start',
      version: '1',
      configHash,
      profile: 2,
    });
    const changed: AuditEvent = {
      event: 'configuration-changed',
      fields: ['gate.name'],
      configHash: CONFIG_HASH,
    };
    expect(factsOf('{}')).toMatchObject({ configChangedAt: null, isRunningConfig: null });
    expect(factsOf('{}', { events: [start(CONFIG_HASH), start(CONFIG_HASH)] })).toMatchObject({
      configChangedAt: '2026-01-05T09:00:00+09:00',
      isRunningConfig: true,
    });
    const later = factsOf('{}', { events: [start(sha256), changed, start(CONFIG_HASH), start(sha256)] });
    expect(later).toMatchObject({ configChangedAt: '2026-01-05T09:01:00+09:00', isRunningConfig: false });
  });
});

describe('facts of connections', () => {
  test('there are none until alerts are on', () => {
    expect(factsOf('{}').connections).toEqual([]);
  });

  test('the broker, with the port its address implies, and the time servers; nothing else', () => {
    const server = { host: 'time.example', file: '/etc/chrony/chrony.conf' };
    const yaml = (url: string): string => `alerts: { mqtt: { enabled: true, url: '${url}' } }`;
    expect(factsOf(yaml('mqtts://broker.example'), { timeServers: [server] }).connections).toEqual([
      { role: 'broker', host: 'broker.example', port: 8883, encrypted: true, isThisMachine: false },
      { role: 'time-server', ...server },
    ]);
    expect(factsOf(yaml('mqtt://[::1]:1884')).connections).toEqual([
      { role: 'broker', host: '::1', port: 1884, encrypted: false, isThisMachine: true },
    ]);
  });

  test('an embedded broker is not connected to; it listens', () => {
    const facts = factsOf('alerts: { mqtt: { embeddedBroker: { enabled: true } } }');
    expect(facts.connections).toEqual([]);
    expect(facts.listensAt).toEqual({ host: '127.0.0.1', port: 1883, password: false, encrypted: false });
  });
});

describe('differences from what the office answered', () => {
  test('the default keeps no photo, deletes by age too, and names no basis', () => {
    expect(what('{}')).toEqual(['no-photo', 'more-items', 'recheck-temperature', 'age-limit', 'no-basis']);
  });

  test('each setting that differs is found', () => {
    expect(what('records: { profile: 0 }')).toContain('nothing-kept');
    expect(what('records: { profile: 1 }')).toContain('counts-only');
    expect(what('records: { capVisits: 100 }')).toContain('lower-cap');
    expect(what(PHOTO_CONFIG)).not.toContain('no-photo');
    expect(what(PHOTO_CONFIG)).toEqual(expect.arrayContaining(['other-basis', 'other-purpose']));
    expect(what(PHOTO_CONFIG.replace('recipient:', 'withoutMask: pixelated, recipient:'))).toContain(
      'photo-without-mask',
    );
    expect(what("alerts: { mqtt: { enabled: true, url: 'mqtts://b.example' } }")).toContain('alerts-leave');
    expect(what("alerts: { mqtt: { enabled: true, url: 'mqtt://localhost' } }")).toContain('alerts-stay');
    const open =
      "alerts: { mqtt: { allowPlainText: true, embeddedBroker: { enabled: true, host: '0.0.0.0', username: guard, passwordFile: file } } }";
    expect(what(open)).toContain('open-broker');
    expect(what('alerts: { mqtt: { enabled: true, commands: true } }')).toContain('commands');
    expect(what('alerts: { mqtt: { commands: true } }')).not.toContain('commands');
    expect(what(open.replace('0.0.0.0', '127.0.0.1'))).toContain('alerts-stay');
    expect(what('{}', { login: { listens: true, keys: [] } })).toContain('login');
    expect(what('{}')).not.toContain('login');
  });
});

describe('open risks', () => {
  test('some are never closed, and settings open more', () => {
    expect(openRisks(factsOf('records: { profile: 0 }'))).toEqual(
      expect.arrayContaining(['accuracy', 'people-decide', 'clock-unkept']),
    );
    const risks = openRisks(factsOf(PHOTO_CONFIG, { audit: { entries: [], whole: false, headHash: null } }));
    expect(risks).toEqual(
      expect.arrayContaining(['photos-kept', 'one-key', 'consent-outside', 'trail-broken']),
    );
    expect(risks).not.toContain('not-named');
    const plain = "alerts: { mqtt: { enabled: true, allowPlainText: true, url: 'mqtt://b.example' } }";
    expect(openRisks(factsOf(plain))).toEqual(expect.arrayContaining(['alerts-plain', 'alerts-copies']));
    expect(openRisks(factsOf('{}', { login: { listens: true, keys: [{}] } }))).toContain('login');
    expect(openRisks(factsOf('{}'))).not.toContain('login');
  });
});
