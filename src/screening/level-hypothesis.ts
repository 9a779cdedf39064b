import { momentsBelow, normalDensity } from './normal-distribution.ts';

/** One idea of how fast the normal level wanders, with what follows from it. */
export type LevelHypothesis = Readonly<{
  pace: Pace;
  /** Logarithm of how well it has foretold recent readings. */
  merit: number;
  /** Normal reading in a room of 24 degC, degC, and what it gains per degree of ambient temperature. */
  levelC: number;
  slope: number;
  /** Their covariance. */
  levelVariance: number;
  covariance: number;
  slopeVariance: number;
  /** Variance of healthy people's readings about their common level, degC squared. */
  spreadVariance: number;
  readings: number;
}>;

/** Standard deviation by which a level moves from one visitor to the next, and in an hour, degC. */
export type Pace = Readonly<{ perVisitorC: number; perRootHourC: number }>;

/** One visitor's reading with the conditions it was taken in. */
export type Observation = Readonly<{
  temperatureC: number;
  /** Temperature of the surroundings, degC; null: not known. */
  ambientC: number | null;
  /** Since the visitor before, h. */
  hoursSince: number;
}>;

/** What a hypothesis expects of a healthy visitor: mean, and variances of that mean and of a person about it. */
export type Expected = Readonly<{ meanC: number; meanVariance: number; spreadVariance: number }>;

const REFERENCE_AMBIENT_C = 24;
/** Facial skin follows the room by 0.05 to 0.15 degC per degree (the visitor's own share; the sensor's is in the level). */
const SLOPE = 0.1;
const SLOPE_SD = 0.05;
/** People differ by so much before the site's own spread is known, degC; and the limits of what is believed of it. */
const SPREAD_C = 0.4;
const LEAST_SPREAD_C = 0.15;
const MOST_SPREAD_C = 0.7;
/** Readings that the first spread counts as, and those it averages over in the end. */
const SPREAD_PRIOR_READINGS = 60;
const SPREAD_READINGS = 150;
/** A level forgets over a long pause, but never more than this variance: a room is a room, degC squared. */
const MOST_PAUSE_VARIANCE = 0.5;

/** Who stands before the gate: healthy people, few warmer or cooler ones. Shares, means and spreads in degC. */
const WARMER = { share: 0.07, meanC: 1.1, sdC: 0.6 } as const;
const COOLER = { share: 0.03, meanC: -0.9, sdC: 0.6 } as const;
const HEALTHY_SHARE = 1 - WARMER.share - COOLER.share;

/** A hypothesis that has seen one visitor. */
export function firstHypothesis(pace: Pace, first: Observation): LevelHypothesis {
  return {
    pace,
    merit: 0,
    levelC: first.temperatureC - SLOPE * warmth(first),
    slope: SLOPE,
    levelVariance: 2 * SPREAD_C ** 2,
    covariance: 0,
    slopeVariance: SLOPE_SD ** 2,
    spreadVariance: SPREAD_C ** 2,
    readings: 1,
  };
}

/** What is expected of the next healthy visitor. */
export function expectedBy(
  hypothesis: LevelHypothesis,
  next: Pick<Observation, 'ambientC' | 'hoursSince'>,
): Expected {
  const above = warmth(next);
  const { levelVariance, covariance, slopeVariance } = moved(hypothesis, next.hoursSince);
  return {
    meanC: hypothesis.levelC + hypothesis.slope * above,
    meanVariance: levelVariance + 2 * above * covariance + above * above * slopeVariance,
    spreadVariance: hypothesis.spreadVariance,
  };
}

/**
 * The hypothesis after a visitor below the limit (`cutC`); of those above it nothing is learnt, only that time has
 * passed. A Kalman filter of level and ambient slope; each reading counts by the chance that it is a healthy person's
 * (probabilistic data association: Bar-Shalom, Tse, 1975). As readings above the cut are missing, the mean of the rest
 * lies too low by a known amount, which is given back.
 */
export function learnt(before: LevelHypothesis, seen: Observation, cutC: number): LevelHypothesis {
  const hypothesis = moved(before, seen.hoursSince);
  if (seen.temperatureC >= cutC) return hypothesis;
  const { meanC, meanVariance, spreadVariance } = expectedBy(before, seen);
  const sd = Math.sqrt(meanVariance + spreadVariance);
  const below = momentsBelow(Math.max(0, (cutC - meanC) / sd));
  const rawC = seen.temperatureC - meanC;
  const innovationC = rawC - below.mean * sd;

  const above = warmth(seen);
  const levelGain = hypothesis.levelVariance + above * hypothesis.covariance;
  const slopeGain = hypothesis.covariance + above * hypothesis.slopeVariance;
  const kinds = kindsOf(innovationC, meanVariance, spreadVariance).map(
    ({ chance, meanC: kindC, variance }) => {
      const total = meanVariance + variance;
      const step = (innovationC - kindC) / total;
      return { chance, total, level: levelGain * step, slope: slopeGain * step };
    },
  );
  const mean = (of: (kind: (typeof kinds)[number]) => number): number =>
    kinds.reduce((sum, kind) => sum + kind.chance * of(kind), 0);
  const level = mean((kind) => kind.level);
  const slope = mean((kind) => kind.slope);

  const healthy = kinds[0]?.chance ?? 0;
  const weight = healthy / (SPREAD_PRIOR_READINGS + Math.min(hypothesis.readings, SPREAD_READINGS));
  const foundVariance = (rawC * rawC) / below.meanSquare - meanVariance;
  return {
    ...hypothesis,
    levelC: hypothesis.levelC + level,
    slope: hypothesis.slope + slope,
    levelVariance:
      hypothesis.levelVariance + mean((kind) => (kind.level - level) ** 2 - levelGain ** 2 / kind.total),
    covariance:
      hypothesis.covariance +
      mean((kind) => (kind.level - level) * (kind.slope - slope) - (levelGain * slopeGain) / kind.total),
    slopeVariance:
      hypothesis.slopeVariance + mean((kind) => (kind.slope - slope) ** 2 - slopeGain ** 2 / kind.total),
    spreadVariance: clamp(
      spreadVariance + weight * (foundVariance - spreadVariance),
      LEAST_SPREAD_C ** 2,
      MOST_SPREAD_C ** 2,
    ),
    readings: hypothesis.readings + 1,
  };
}

/** Logarithm of how likely a reading was, whoever stood there. */
export function logLikelihood(expected: Expected, temperatureC: number): number {
  const { meanC, meanVariance, spreadVariance } = expected;
  const kinds = mixture(temperatureC - meanC, meanVariance, spreadVariance);
  const density = kinds.reduce((sum, kind) => sum + kind.density, 0);
  return Math.log(Math.max(Number.MIN_VALUE, density));
}

function kindsOf(innovationC: number, meanVariance: number, spreadVariance: number) {
  const kinds = mixture(innovationC, meanVariance, spreadVariance);
  const total = kinds.reduce((sum, kind) => sum + kind.density, 0);
  return kinds.map((kind) => ({ ...kind, chance: kind.density / total }));
}

function mixture(innovationC: number, meanVariance: number, spreadVariance: number) {
  const kind = (share: number, meanC: number, variance: number) => ({
    meanC,
    variance,
    density: share * normalDensity(innovationC - meanC, meanVariance + variance),
  });
  return [
    kind(HEALTHY_SHARE, 0, spreadVariance),
    kind(WARMER.share, WARMER.meanC, WARMER.sdC ** 2),
    kind(COOLER.share, COOLER.meanC, COOLER.sdC ** 2),
  ];
}

/** The hypothesis as the next visitor comes: less certain by what the level may have moved. */
function moved(hypothesis: LevelHypothesis, hoursSince: number): LevelHypothesis {
  const { perVisitorC, perRootHourC } = hypothesis.pace;
  const pause = Math.min(MOST_PAUSE_VARIANCE, perRootHourC ** 2 * Math.max(0, hoursSince));
  return { ...hypothesis, levelVariance: hypothesis.levelVariance + perVisitorC ** 2 + pause };
}

function warmth({ ambientC }: Pick<Observation, 'ambientC'>): number {
  return ambientC === null ? 0 : ambientC - REFERENCE_AMBIENT_C;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
