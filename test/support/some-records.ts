import type { Visit } from '../../src/domain/visit.ts';
import type { VisitRecords } from '../../src/ports/visit-records.ts';

/** Records in memory, for gates whose records are not what is tested. */
export function someRecords(append: (visit: Visit) => Promise<void> = () => Promise.resolve()): VisitRecords {
  return {
    nextNumber: 1,
    append,
    state: () => ({ profile: 2, health: 'ok' }),
    verdicts: () => [],
    tend: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
