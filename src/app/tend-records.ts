import type { CheckVerdict } from '../domain/visit.ts';
import type { Clock } from '../ports/clock.ts';
import type { RecordsState, VisitRecords } from '../ports/visit-records.ts';

const EVERY_MS = 1000;

/** Who is told of the records, at first and whenever it changes. */
export type RecordsListeners = Readonly<{
  /** What the operator may be shown. */
  onState?: ((state: RecordsState) => void) | undefined;
  /** What guards have found; not told while they have found nothing. */
  onVerdicts: (verdicts: readonly CheckVerdict[]) => void;
}>;

/** Has the records looked after every second, until `signal` aborts. */
export async function tendRecords(
  records: VisitRecords,
  clock: Clock,
  signal: AbortSignal,
  { onState, onVerdicts }: RecordsListeners,
): Promise<void> {
  let told: RecordsState | null = null;
  let toldVerdicts = '[]';
  while (!signal.aborted) {
    await records.tend();
    const state = records.state();
    if (told?.profile !== state.profile || told.health !== state.health) onState?.(state);
    told = state;
    const verdicts = records.verdicts();
    const text = JSON.stringify(verdicts);
    if (text !== toldVerdicts) onVerdicts(verdicts);
    toldVerdicts = text;
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}
