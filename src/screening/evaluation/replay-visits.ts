import type { Outcome } from '../../domain/visit.ts';
import { type DecisionParams, judge } from '../decision.ts';
import { learnVisitor, noLevel, normalNow } from '../normal-level.ts';

/** A visit of a table: a reading, perhaps with the truth about it. */
export type LabelledVisit = Readonly<{
  /** Any monotonic origin; ms. */
  atMs: number;
  readingC: number;
  ambientC: number | null;
  /** By a clinical thermometer; null: nobody knows. */
  fever: boolean | null;
}>;

/** What the decision made of a visit. */
export type JudgedVisit = LabelledVisit &
  Readonly<{
    /** What a healthy visitor would have read; the reading itself for the very first one. */
    normalC: number;
    /** Reading above normal in standard deviations of healthy visitors: what the classes are cut from. */
    score: number;
    /** From here on a reading was elevated, degC, and the same as a score. */
    limitC: number;
    limitScore: number;
    outcome: Outcome;
  }>;

export type ReplayParams = Readonly<{
  decision: DecisionParams;
  minimumVisitors: number;
  /** Standard uncertainty of each reading, degC; 0: taken as they are. */
  uncertaintyC: number;
}>;

/** Screens a table's visits in their order, by the gate's own decision. */
export function replayVisits(visits: readonly LabelledVisit[], params: ReplayParams): readonly JudgedVisit[] {
  let level = noLevel;
  return visits.map((visit) => {
    const { atMs, ambientC, readingC } = visit;
    const normal = normalNow(level, { atMs, ambientC });
    const known = level.visitors >= params.minimumVisitors ? normal : null;
    const reading = { temperatureC: readingC, uncertaintyC: params.uncertaintyC };
    const { outcome, limitC } = judge(reading, known, params.decision);
    level = learnVisitor(level, readingC, { atMs, ambientC }, limitC);
    const normalC = normal?.meanC ?? readingC;
    const sdC = normal?.sdC ?? 1;
    return {
      ...visit,
      normalC,
      score: (readingC - normalC) / sdC,
      limitC,
      limitScore: (limitC - normalC) / sdC,
      outcome,
    };
  });
}
