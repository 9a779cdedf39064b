import type { CheckVerdict, Outcome, Reading } from '../domain/visit.ts';
import type { NormalNow } from './normal-level.ts';
import { aboveMeanC } from './people-spread.ts';
import { verdictShiftC } from './verdict-shift.ts';

/** Where normal ends. */
export type DecisionParams = Readonly<{
  /** `adaptive` compares with what is normal now and is absolute until that is known; `absolute` always is. */
  method: 'adaptive' | 'absolute';
  /** Share of healthy visitors, 0..1, that may be answered `elevated`. */
  falseAlarmShare: number;
  /** The limit is at least and at most so far above normal, degC, whatever the share asks for. */
  leastAboveNormalC: number;
  mostAboveNormalC: number;
  /** Elevated while nothing is known of what is normal, degC. */
  elevatedC: number;
  /** Elevated whatever is normal, degC: no drift may hide it. */
  alwaysElevatedC: number;
  /** A reading less certain than this (standard uncertainty, degC) is never answered `normal`. */
  maximumUncertaintyC: number;
}>;

/** A class, how it came about, and whether more measuring could change it. */
export type Judgement = Readonly<{
  outcome: Outcome;
  clear: boolean;
  /** From here on a reading is elevated, degC. */
  limitC: number;
}>;

/** Standard uncertainties between a reading and the limit for the class to be clear: 95 % on one side. */
const CLEAR_SIGMAS = 1.645;

/** The limit now, degC; `verdicts` of guards move it within its bounds. */
export function limitNow(
  normal: NormalNow | null,
  params: DecisionParams,
  verdicts: readonly CheckVerdict[] = [],
): number {
  if (params.method === 'absolute' || normal === null)
    return Math.min(params.elevatedC, params.alwaysElevatedC);
  const wantedC = aboveMeanC(normal, params.falseAlarmShare);
  const bounded = (aboveC: number): number =>
    Math.min(params.mostAboveNormalC, Math.max(params.leastAboveNormalC, aboveC));
  const unmovedC = bounded(wantedC);
  const aboveC = bounded(unmovedC + verdictShiftC(verdicts, unmovedC));
  return Math.min(normal.meanC + aboveC, params.alwaysElevatedC);
}

/** Judges a reading against what is normal now (null: not known yet). */
export function judge(
  reading: Reading,
  normal: NormalNow | null,
  params: DecisionParams,
  verdicts: readonly CheckVerdict[] = [],
): Judgement {
  const { temperatureC, uncertaintyC } = reading;
  const limitC = limitNow(normal, params, verdicts);
  const marginC = CLEAR_SIGMAS * uncertaintyC;
  const certain = uncertaintyC <= params.maximumUncertaintyC;
  if (temperatureC - marginC >= limitC) return { outcome: 'elevated', clear: certain, limitC };
  if (temperatureC + marginC >= limitC || !certain) return { outcome: 'recheck', clear: false, limitC };
  return { outcome: 'normal', clear: true, limitC };
}
