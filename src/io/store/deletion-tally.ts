import type { DeletionReason } from '../../domain/audit-event.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { Deleted } from './disk-visit-store.ts';

/** Deletions that nobody asked for, counted until the audit trail is told. */
export class DeletionTally {
  readonly #counts = new Map<DeletionReason, Deleted>();

  add(because: DeletionReason, { visits, photos }: Deleted): void {
    if (visits + photos === 0) return;
    const before = this.#counts.get(because) ?? { visits: 0, photos: 0 };
    this.#counts.set(because, { visits: before.visits + visits, photos: before.photos + photos });
  }

  /** Tells the trail. Rejects with StoreError; what was not told is told the next time. */
  async tell(audit: AuditTrail): Promise<void> {
    for (const [because, told] of [...this.#counts]) {
      this.#counts.delete(because);
      try {
        await audit.append({ event: 'deletion', because, ...told });
      } catch (error) {
        this.add(because, told);
        throw error;
      }
    }
  }
}
