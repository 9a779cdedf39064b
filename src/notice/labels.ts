import type { Connection } from './connections.ts';
import type { Difference, NoticeFacts } from './facts.ts';
import type { BasisState, KeptItem, StorageFacts } from './storage.ts';

/** Words and sentences that several documents share, in one language. */
export type Labels = Readonly<{
  item: Readonly<Record<KeptItem['item'], string>>;
  /** What an item is needed for. */
  why: Readonly<Record<KeptItem['item'], string>>;
  of: Readonly<Record<KeptItem['of'], string>>;
  basisKind: Readonly<Record<StorageFacts['basis']['kind'], string>>;
  basisState: Readonly<Record<BasisState, string>>;
  /** Instead of what the operator left open. */
  missing: string;
  /** What a setting that was left open stands for. */
  setting: Readonly<Record<string, string>>;
  /** A sentence for a difference from what the office answered. */
  difference: (what: Difference['what'], facts: NoticeFacts) => string;
  connection: (connection: Connection) => string;
}>;

/** 2026-01-05T09:12:44+09:00 as people read it. */
export function timeText(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]} (${match[3] === 'Z' ? '+00:00' : match[3]})`;
}

/** 25000 as 25,000. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
