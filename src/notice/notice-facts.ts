import type { Config } from '../config/schema.ts';
import type { AuditEntry } from '../records/audit-entry.ts';
import { connectionsOf, listensAt } from './connections.ts';
import { differencesOf } from './differences.ts';
import type { Deletions, GateState, NoticeFacts } from './facts.ts';
import { basisState, storageFacts } from './storage.ts';

const DAY_MS = 86_400_000;

/** The facts of a gate with that configuration and state. */
export function noticeFacts(config: Config, state: GateState): NoticeFacts {
  const { entries } = state.audit;
  const { enabled, embeddedBroker } = config.alerts.mqtt;
  const alerted = enabled || embeddedBroker.enabled;
  const storage = storageFacts(config.records, state.lastProfile, state.now, alerted);
  const exports = entries.filter((entry) => entry.event === 'export');
  const facts = {
    madeAt: state.now,
    softwareVersion: state.softwareVersion,
    configHash: state.configHash,
    configChangedAt: configChangedAt(entries),
    isRunningConfig: isRunningConfig(entries, state.configHash),
    gate: { site: config.gate.site, name: config.gate.name },
    operator: config.operator,
    range: { minM: config.visit.minDistanceM, maxM: config.visit.maxDistanceM },
    missing: missingOf(config),
    storage,
    held: heldOf(state),
    deletions: deletionsOf(entries),
    exports: { times: exports.length, visits: sumOf(exports.map(({ visits }) => visits)) },
    audit: { entries: entries.length, whole: state.audit.whole, headHash: state.audit.headHash },
    connections: connectionsOf(config.alerts.mqtt, state.timeServers),
    listensAt: listensAt(config.alerts.mqtt),
    login: loginOf(state),
    commands: alerted && config.alerts.mqtt.commands,
  };
  return { ...facts, differences: differencesOf(facts) };
}

function missingOf({ operator, records }: Config): readonly string[] {
  const open = Object.entries(operator).filter(([, value]) => value === null);
  return [
    ...open.map(([name]) => `operator.${name}`),
    ...(records.purpose === null ? ['records.purpose'] : []),
    ...(basisState(records.legalBasis, '') === 'none' ? ['records.legalBasis'] : []),
  ];
}

/** Keys that are kept count also where nothing answers just now: it does at the next start. */
function loginOf({ login }: GateState): NoticeFacts['login'] {
  const keys = login.keys.length;
  return login.listens || keys > 0 ? { keys } : null;
}

function heldOf({ visits, photos, counted, now }: GateState): NoticeFacts['held'] {
  // Not the lowest number: a clock put right can make a later visit the older one.
  const oldestAt = visits.reduce<string | null>(
    (oldest, { time }) => (oldest === null || Date.parse(time) < Date.parse(oldest) ? time : oldest),
    null,
  );
  const ageMs = oldestAt === null ? null : Date.parse(now) - Date.parse(oldestAt);
  const oldestAgeDays = ageMs === null ? null : Math.max(0, Math.floor(ageMs / DAY_MS));
  return { visits: visits.length, photos, counted, oldestAt, oldestAgeDays };
}

function deletionsOf(entries: readonly AuditEntry[]): Deletions {
  const deletions = { cap: 0, age: 0, profile: 0, erased: 0 };
  for (const entry of entries) {
    if (entry.event === 'deletion') deletions[entry.because] += entry.visits;
    if (entry.event === 'erasure') deletions.erased += entry.visits;
  }
  return deletions;
}

function configChangedAt(entries: readonly AuditEntry[]): string | null {
  const changed = entries.findLast(({ event }) => event === 'configuration-changed');
  return (changed ?? entries.find(({ event }) => event === 'start'))?.time ?? null;
}

function isRunningConfig(entries: readonly AuditEntry[], hash: string): boolean | null {
  const start = entries.findLast((entry) => entry.event === 'start');
  return start === undefined ? null : start.configHash === hash;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
