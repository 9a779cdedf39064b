import { parseConfig } from '../../src/config/load.ts';
import type { AuditEvent } from '../../src/domain/audit-event.ts';
import type { GateState, NoticeFacts } from '../../src/notice/facts.ts';
import { noticeFacts } from '../../src/notice/notice-facts.ts';
import { type AuditEntry, GENESIS, sealEntry } from '../../src/records/audit-entry.ts';

/** An age public key. */
export const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
export const CONFIG_HASH = 'c0'.repeat(32);

/** A configuration that keeps photos, with every field of the operator's filled in. */
export const PHOTO_CONFIG = `
operator: { name: '성동구청', officer: '총무과장', contact: '02-000-0000', place: '본관 1층', noticeUrl: 'https://gate.example/notice' }
records:
  profile: 3
  purpose: '감염병 예방'
  legalBasis: { kind: consent, text: '제15조 제1항 제1호', from: '2026-01-01', until: '2026-12-31' }
  photo: { recipient: ${RECIPIENT} }
`;

/** A sealed trail of these events, a minute apart. */
function trailOf(events: readonly AuditEvent[]): AuditEntry[] {
  let prev = GENESIS;
  return events.map((event, index) => {
    const time = `2026-01-05T09:${String(index).padStart(2, '0')}:00+09:00`;
    const entry = sealEntry({ seq: index + 1, time, time_trusted: true, prev }, event);
    prev = entry.hash;
    return entry;
  });
}

export function aState(
  state: Partial<GateState> & { readonly events?: readonly AuditEvent[] } = {},
): GateState {
  const entries = trailOf(state.events ?? []);
  return {
    now: '2026-02-01T12:00:00+09:00',
    softwareVersion: '1.2.3',
    configHash: CONFIG_HASH,
    visits: [],
    photos: 0,
    counted: 0,
    lastProfile: null,
    audit: { entries, whole: true, headHash: entries.at(-1)?.hash ?? null },
    timeServers: [],
    login: { listens: false, keys: [] },
    ...state,
  };
}

/** The facts of a configuration written in YAML. */
export function factsOf(yaml: string, state: Parameters<typeof aState>[0] = {}): NoticeFacts {
  return noticeFacts(parseConfig(yaml, 'test'), aState(state));
}
