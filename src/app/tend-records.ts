import type { Clock } from '../ports/clock.ts';
import type { RecordsState, VisitRecords } from '../ports/visit-records.ts';

const EVERY_MS = 1000;

/**
 * Has the records looked after every second, until `signal` aborts.
 * @param onState told what the operator may be shown, at first and whenever it changes
 */
export async function tendRecords(
  records: VisitRecords,
  clock: Clock,
  signal: AbortSignal,
  onState?: (state: RecordsState) => void,
): Promise<void> {
  let told: RecordsState | null = null;
  while (!signal.aborted) {
    await records.tend();
    const state = records.state();
    if (told?.profile !== state.profile || told.health !== state.health) onState?.(state);
    told = state;
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}
