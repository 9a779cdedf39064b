import type { Alert } from '../domain/alert.ts';
import type { DecidedVisit } from '../gate/types.ts';
import type { DecidedTruth, VisitorTruth } from '../simulation/report.ts';
import type { Scene } from '../simulation/scene/scene.ts';

/** Notes which simulated visitor each decision was about, and lets the answered visitor go. */
export interface VisitScorer {
  decided(visit: DecidedVisit, alert: Alert | null): void;
  truths(): readonly VisitorTruth[];
  decisions(): readonly DecidedTruth[];
}

export function createVisitScorer(scene: Scene): VisitScorer {
  const decisions: DecidedTruth[] = [];
  return {
    decided(visit, alert) {
      const answered = nearestInDepth(scene, visit);
      decisions.push({
        visitor: answered,
        atMs: visit.atMs,
        outcome: visit.outcome,
        readingC: visit.reading.temperatureC,
        uncertaintyC: visit.reading.uncertaintyC,
        maskDecided: visit.mask,
        alertId: alert?.id ?? null,
      });
      if (answered !== null) scene.dismiss(answered, visit.atMs);
    },
    truths: () =>
      scene.visitors.map((visitor) => ({ ...visitor, standsAtMs: scene.standsAtMs(visitor.number) })),
    decisions: () => decisions,
  };
}

/** The visitor in view whose distance is nearest to the measured one; null when nobody is. */
function nearestInDepth(scene: Scene, visit: DecidedVisit): number | null {
  const off = (distanceM: number): number => Math.abs(distanceM - visit.distanceM);
  const inView = [...scene.inViewAt(visit.atMs)].sort((a, b) => off(a.distanceM) - off(b.distanceM));
  return inView[0]?.number ?? null;
}
