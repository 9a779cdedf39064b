import type { Config } from '../config/schema.ts';
import type { StorageProfile } from '../domain/storage-profile.ts';
import type { AuditEntry } from '../records/audit-entry.ts';
import type { StoredVisit } from '../records/stored-visit.ts';
import type { Connection, TimeServer } from './connections.ts';
import type { StorageFacts } from './storage.ts';

/** The state of a gate's records, as found on disk. */
export type GateState = Readonly<{
  /** Local time with offset, to the second. */
  now: string;
  softwareVersion: string;
  /** SHA-256 of the effective configuration. */
  configHash: string;
  visits: readonly StoredVisit[];
  /** Sealed photos held. */
  photos: number;
  /** Visits counted without a record of each. */
  counted: number;
  /** The last storage profile in force in these records; null: none yet. */
  lastProfile: StorageProfile | null;
  audit: Readonly<{ entries: readonly AuditEntry[]; whole: boolean; headHash: string | null }>;
  /** Whom the machine asks for the time. */
  timeServers: readonly TimeServer[];
  /** Whether SSH answers other machines, and keys that the image lets in. */
  login: Readonly<{ listens: boolean; keys: readonly unknown[] }>;
}>;

/** Visits deleted so far, by why. */
export type Deletions = Readonly<{ cap: number; age: number; profile: number; erased: number }>;

/**
 * Where a gate differs from the answers that a district office gave in May 2020 about such a gate: a photo of masked
 * visitors, date and time; of elevated visits time and temperature; 25,000 visits, then deleted in order; nothing
 * shared; nobody identified; no access for the vendor; one purpose, COVID-19 prevention; Article 58(1)3 as its basis.
 */
export type Difference = Readonly<{
  what:
    | 'no-photo'
    | 'photo-without-mask'
    | 'nothing-kept'
    | 'counts-only'
    | 'more-items'
    | 'recheck-temperature'
    | 'lower-cap'
    | 'age-limit'
    | 'other-basis'
    | 'no-basis'
    | 'other-purpose'
    | 'alerts-leave'
    | 'alerts-stay'
    | 'handed-over'
    | 'open-broker'
    | 'commands'
    | 'login';
  /** Whether a visitor is told on or kept of more than was answered, or less. */
  direction: 'more' | 'less' | 'other';
}>;

/** What the documents say: everything computed from the configuration and the state of the records. */
export type NoticeFacts = Readonly<{
  madeAt: string;
  softwareVersion: string;
  configHash: string;
  /** When the configuration last changed, or was first used; null: no gate has run here yet. */
  configChangedAt: string | null;
  /** Whether a gate last started with this very configuration; null: none has started. */
  isRunningConfig: boolean | null;
  gate: Readonly<{ site: string; name: string }>;
  /** Null: not named by the operator. */
  operator: Config['operator'];
  /** How far in front of the gate a visitor is measured. */
  range: Readonly<{ minM: number; maxM: number }>;
  /** Names of the settings that the operator left open. */
  missing: readonly string[];
  storage: StorageFacts;
  held: Readonly<{
    visits: number;
    photos: number;
    counted: number;
    oldestAt: string | null;
    oldestAgeDays: number | null;
  }>;
  deletions: Deletions;
  exports: Readonly<{ times: number; visits: number }>;
  audit: Readonly<{ entries: number; whole: boolean; headHash: string | null }>;
  /** Every host that the device may connect to. */
  connections: readonly Connection[];
  /** Where the embedded broker listens, and what it asks for; null: nothing listens. */
  listensAt: Readonly<{ host: string; port: number; password: boolean; encrypted: boolean }> | null;
  /** Whether the gate does anything that it is asked by network. */
  commands: boolean;
  /** Whether people can log in by network, and by how many of the operator's keys (0: as its system has it); null: not. */
  login: Readonly<{ keys: number }> | null;
  differences: readonly Difference[];
}>;
