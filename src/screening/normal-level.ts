import {
  type Expected,
  expectedBy,
  firstHypothesis,
  type LevelHypothesis,
  learnt,
  logLikelihood,
  type Observation,
  type Pace,
} from './level-hypothesis.ts';
import {
  learnSpread,
  noEvidence,
  type PeopleSpread,
  type SpreadEvidence,
  spreadNow,
  widened,
} from './people-spread.ts';

/** What is normal at this door now, learnt from visitors below the limit; nothing of a single one is in it. */
export type NormalLevel = Readonly<{
  /** Several ideas of how fast the level wanders, each with the level it leads to; empty before the first visitor. */
  hypotheses: readonly LevelHypothesis[];
  /** How people lie about it. */
  spread: SpreadEvidence;
  /** Visitors it was learnt from. */
  visitors: number;
  /** The last visitor was at the limit or above. */
  lastAbove: boolean;
  /** When the last visitor was read, ms; null before the first. */
  lastAtMs: number | null;
}>;

/** When and in what surroundings somebody was read. */
export type Circumstances = Readonly<{
  atMs: number;
  /** Temperature of the surroundings, degC; null: not known. */
  ambientC: number | null;
}>;

/** What a healthy visitor would read now. */
export type NormalNow = Readonly<{
  meanC: number;
  /** Standard deviation of single healthy visitors about it, the uncertainty of the mean included, degC. */
  sdC: number;
}> &
  /** And the same of its two halves. */
  PeopleSpread;

export const noLevel: NormalLevel = {
  hypotheses: [],
  spread: noEvidence,
  visitors: 0,
  lastAbove: false,
  lastAtMs: null,
};

/** A steady sensor, a slowly and a fast drifting one, and a room that changes between visits. */
const PACES: readonly Pace[] = [
  { perVisitorC: 0.003, perRootHourC: 0 },
  { perVisitorC: 0.02, perRootHourC: 0 },
  { perVisitorC: 0.06, perRootHourC: 0 },
  { perVisitorC: 0.02, perRootHourC: 0.06 },
  { perVisitorC: 0.03, perRootHourC: 0.15 },
];
/** How much of a hypothesis' merit is left after a visitor: what held an hour ago need not hold now. */
const MERIT_KEPT = 0.995;
const MS_PER_HOUR = 3_600_000;

/** What is normal now: the hypotheses' answers, each counted by its merit; null before the first visitor. */
export function normalNow(level: NormalLevel, now: Circumstances): NormalNow | null {
  const expected = expectedNow(level, now);
  if (expected === null) return null;
  const { meanC, meanVariance, spreadVariance } = expected;
  return {
    meanC,
    sdC: Math.sqrt(meanVariance + spreadVariance),
    ...widened(spreadNow(level.spread), meanVariance),
  };
}

function expectedNow(level: NormalLevel, now: Circumstances): Expected | null {
  if (level.hypotheses.length === 0) return null;
  const next = { ambientC: now.ambientC, hoursSince: hoursSince(level, now) };
  const answers = level.hypotheses.map((hypothesis) => expectedBy(hypothesis, next));
  const weights = weightsOf(level.hypotheses);
  const mean = (of: (answer: Expected) => number): number =>
    answers.reduce((sum, answer, index) => sum + (weights[index] ?? 0) * of(answer), 0);
  const meanC = mean((answer) => answer.meanC);
  return {
    meanC,
    meanVariance: mean((answer) => answer.meanVariance + (answer.meanC - meanC) ** 2),
    spreadVariance: mean(({ spreadVariance }) => spreadVariance),
  };
}

/**
 * The level after a visitor.
 * @param cutC the limit at which the visitor was judged, degC: readings from there on teach the level nothing
 */
export function learnVisitor(
  level: NormalLevel,
  temperatureC: number,
  now: Circumstances,
  cutC: number,
): NormalLevel {
  const seen: Observation = { temperatureC, ambientC: now.ambientC, hoursSince: hoursSince(level, now) };
  const learns = temperatureC < cutC;
  const expected = expectedNow(level, now);
  if (expected === null) {
    if (!learns) return level;
    const hypotheses = PACES.map((pace) => firstHypothesis(pace, seen));
    return { ...level, hypotheses, visitors: 1, lastAtMs: now.atMs };
  }
  const hypotheses = level.hypotheses.map((hypothesis) => ({
    ...learnt(hypothesis, seen, cutC),
    merit: MERIT_KEPT * hypothesis.merit + logLikelihood(expectedBy(hypothesis, seen), temperatureC),
  }));
  // Of a family above the limit only the first tells of the spread: healthy people hardly ever come above it in a row.
  const spread =
    learns || !level.lastAbove
      ? learnSpread(level.spread, temperatureC - expected.meanC, expected.meanVariance)
      : level.spread;
  return {
    hypotheses,
    spread,
    visitors: level.visitors + (learns ? 1 : 0),
    lastAbove: !learns,
    lastAtMs: now.atMs,
  };
}

function weightsOf(hypotheses: readonly LevelHypothesis[]): readonly number[] {
  const best = Math.max(...hypotheses.map(({ merit }) => merit));
  const merits = hypotheses.map(({ merit }) => Math.exp(merit - best));
  const total = merits.reduce((sum, merit) => sum + merit, 0);
  return merits.map((merit) => merit / total);
}

function hoursSince({ lastAtMs }: NormalLevel, { atMs }: Circumstances): number {
  return lastAtMs === null ? 0 : Math.max(0, atMs - lastAtMs) / MS_PER_HOUR;
}
