import type { AuditTrail } from '../../ports/audit-trail.ts';
import type { ChangeAnswer, ChangeRequest } from '../../records/change-request.ts';
import type { DiskVisitStore } from './disk-visit-store.ts';
import { StoreError } from './store-error.ts';

/**
 * Does to the records what an operator asks, and tells the audit trail.
 * @throws StoreError `not-found`: no such visit, or a normal one; or what keeps it from being written
 */
export async function applyChange(
  store: Pick<DiskVisitStore, 'erase' | 'amend'>,
  audit: AuditTrail,
  request: ChangeRequest,
): Promise<ChangeAnswer> {
  switch (request.kind) {
    case 'erase': {
      const { visits: erased } = await store.erase(() => request.numbers);
      await audit.append({ event: 'erasure', by: request.by, visits: erased });
      return { kind: 'erased', erased };
    }
    case 'check': {
      const { number, check, by } = request;
      const amended = await store.amend([number], (visit) =>
        visit.class === 'normal' ? visit : { ...visit, check },
      );
      if (amended.length === 0) {
        throw new StoreError(
          'not-found',
          `visit ${number} is not kept, or was normal: checks belong to visits told recheck or elevated`,
        );
      }
      await audit.append({ event: 'check-entered', visit: number, result: check.result, by });
      return { kind: 'check-entered' };
    }
  }
}
