import type { CheckVerdict } from '../domain/visit.ts';
import type { StoredVisit } from './stored-visit.ts';

/** Older checks were made at another season's door. */
const MOST = 200;

/** What guards' checks of the kept visits say about the limit, oldest first; those judged before normal was known do not. */
export function checkVerdictsOf(visits: readonly StoredVisit[]): readonly CheckVerdict[] {
  const verdicts: CheckVerdict[] = [];
  for (let place = visits.length - 1; place >= 0 && verdicts.length < MOST; place--) {
    const visit = visits[place];
    if (visit === undefined || visit.class === 'normal') continue;
    if (visit.check === undefined || visit.baseline_c === null) continue;
    verdicts.push({
      aboveNormalC: visit.temperature_c - visit.baseline_c,
      confirmed: visit.check.result === 'confirmed',
    });
  }
  return verdicts.reverse();
}
