import type { Visit } from '../domain/visit.ts';

/** Keeps visits, up to a cap, oldest deleted first. */
export interface VisitStore {
  /** Resolves when the visit is safe on disk. Rejects with StoreError; nothing recorded before is lost. */
  append(visit: Visit): Promise<void>;
  /** Number the next visit gets. */
  readonly nextNumber: number;
  close(): Promise<void>;
}
