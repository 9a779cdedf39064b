import { normalDensity, zOfShareAbove } from './normal-distribution.ts';

/**
 * How healthy people's readings lie about their mean: a normal distribution with two halves of different width (Fechner's
 * two-piece normal). Draughts, hair and the cold outside make long lower tails; the limit hangs on the upper half alone.
 */
export type PeopleSpread = Readonly<{
  /** Standard deviations of the halves below and above the mode, degC. */
  belowSdC: number;
  aboveSdC: number;
}>;

/** What visitors have told of the spread: for each {@link IDEAS idea} of it the logarithm of how likely they were. */
export type SpreadEvidence = readonly number[];

/** One idea of the spread, and of how many visitors are feverish. */
type Idea = PeopleSpread & Readonly<{ feverShare: number; logPrior: number }>;

/** What is believed before anybody came: people differ by 0.4 degC, the halves by half as much again, every twentieth is feverish. */
const PRIOR = { sdC: 0.38, logSd: 0.4, logRatioSd: 0.4, feverShare: 0.05, logFeverSd: 1 } as const;
const SMALLEST_SD_C = 0.16;
const SD_STEP = 1.18;
const SD_STEPS = 10;
const LOG_RATIO_STEP = 0.25;
const LOG_RATIOS = [-3, -2, -1, 0, 1, 2, 3] as const;
const FEVER_SHARES = [0.01, 0.04, 0.1, 0.2] as const;
/** Feverish visitors about the healthy mean, and the few whom neither half explains, degC. */
const FEVERISH = { meanC: 1.1, sdC: 0.6 } as const;
const COOLER = { share: 0.01, meanC: -0.9, sdC: 0.6 } as const;
/** What is left of the evidence after a visitor: a thousand of them count. */
const KEPT = 0.999;
/** Mean of the upper half of a standard normal distribution: sqrt(2 / pi). */
const HALF_MEAN = Math.sqrt(2 / Math.PI);

const IDEAS: readonly Idea[] = Array.from(
  { length: SD_STEPS },
  (_, step) => SMALLEST_SD_C * SD_STEP ** step,
).flatMap((sdC) =>
  LOG_RATIOS.flatMap((ratio) =>
    FEVER_SHARES.map((feverShare) => {
      const logRatio = ratio * LOG_RATIO_STEP;
      return {
        belowSdC: sdC * Math.exp(-logRatio / 2),
        aboveSdC: sdC * Math.exp(logRatio / 2),
        feverShare,
        logPrior:
          logNormal(Math.log(sdC / PRIOR.sdC), PRIOR.logSd) +
          logNormal(logRatio, PRIOR.logRatioSd) +
          logNormal(Math.log(feverShare / PRIOR.feverShare), PRIOR.logFeverSd),
      };
    }),
  ),
);

export const noEvidence: SpreadEvidence = IDEAS.map(() => 0);

/**
 * The evidence after a visitor. One far above the mean is feverish by every idea and tells nothing of the healthy; only
 * those about the limit count in part. That is what keeps the limit's share right: without them the upper tail would have
 * to be guessed from readings below the limit.
 * @param aboveMeanC the reading above the mean, degC
 * @param meanVariance of that mean, degC squared
 */
export function learnSpread(
  before: SpreadEvidence,
  aboveMeanC: number,
  meanVariance: number,
): SpreadEvidence {
  const feverish = normalDensity(aboveMeanC - FEVERISH.meanC, FEVERISH.sdC ** 2 + meanVariance);
  const cooler = COOLER.share * normalDensity(aboveMeanC - COOLER.meanC, COOLER.sdC ** 2 + meanVariance);
  return IDEAS.map((idea, place) => {
    const healthy = densityOf(widened(idea, meanVariance), aboveMeanC);
    const { feverShare } = idea;
    const likelihood = (1 - feverShare - COOLER.share) * healthy + feverShare * feverish + cooler;
    // What no idea explains, a stray 60 degC in a table, weighs against none of them.
    return KEPT * (before[place] ?? 0) + Math.log(Math.max(Number.MIN_VALUE, likelihood));
  });
}

/** The ideas' mean, each counted by its evidence. */
export function spreadNow(evidence: SpreadEvidence): PeopleSpread {
  const merits = IDEAS.map(({ logPrior }, place) => logPrior + (evidence[place] ?? 0));
  const best = merits.reduce((most, merit) => Math.max(most, merit), Number.NEGATIVE_INFINITY);
  let [total, belowSdC, aboveSdC] = [0, 0, 0];
  for (const [place, idea] of IDEAS.entries()) {
    const weight = Math.exp((merits[place] ?? 0) - best);
    total += weight;
    belowSdC += weight * idea.belowSdC;
    aboveSdC += weight * idea.aboveSdC;
  }
  return { belowSdC: belowSdC / total, aboveSdC: aboveSdC / total };
}

/** The spread about a mean that is itself uncertain. */
export function widened({ belowSdC, aboveSdC }: PeopleSpread, meanVariance: number): PeopleSpread {
  const sd = (valueC: number): number => Math.sqrt(valueC * valueC + meanVariance);
  return { belowSdC: sd(belowSdC), aboveSdC: sd(aboveSdC) };
}

/** So far above the mean a `share` (0..0.2) of healthy readings lies, degC. */
export function aboveMeanC({ belowSdC, aboveSdC }: PeopleSpread, share: number): number {
  const upperHalf = aboveSdC / (belowSdC + aboveSdC);
  return modeAboveMeanC({ belowSdC, aboveSdC }) + aboveSdC * zOfShareAbove(share / (2 * upperHalf));
}

function densityOf(spread: PeopleSpread, aboveC: number): number {
  const { belowSdC, aboveSdC } = spread;
  const aboveModeC = aboveC - modeAboveMeanC(spread);
  const sdC = aboveModeC < 0 ? belowSdC : aboveSdC;
  return ((2 * sdC) / (belowSdC + aboveSdC)) * normalDensity(aboveModeC, sdC * sdC);
}

function modeAboveMeanC({ belowSdC, aboveSdC }: PeopleSpread): number {
  return HALF_MEAN * (belowSdC - aboveSdC);
}

function logNormal(off: number, sd: number): number {
  return -(off * off) / (2 * sd * sd);
}
