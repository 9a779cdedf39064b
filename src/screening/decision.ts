import type { Outcome, Reading } from '../domain/visit.ts';

/** Where normal ends. */
export type DecisionParams = Readonly<{
  /** `adaptive` compares with recent visitors and is absolute until enough have passed; `absolute` always is. */
  method: 'adaptive' | 'absolute';
  elevatedAboveBaselineC: number;
  recheckAboveBaselineC: number;
  elevatedC: number;
  recheckC: number;
  /** A reading less certain than this (standard uncertainty, degC) is never answered `normal`. */
  maximumUncertaintyC: number;
}>;

/** A class, whether more measuring could change it, and the limit in force from which on a reading is elevated, degC. */
export type Judgement = Readonly<{ outcome: Outcome; clear: boolean; limitC: number }>;

/** Standard uncertainties between a reading and a limit for the class to be clear: 95 % on one side. */
const CLEAR_SIGMAS = 1.645;

/** Judges a reading against the baseline (null: too few visitors yet). */
export function judge(reading: Reading, baselineC: number | null, params: DecisionParams): Judgement {
  const { temperatureC, uncertaintyC } = reading;
  const relative = params.method === 'adaptive' && baselineC !== null;
  const limitC = relative ? baselineC + params.elevatedAboveBaselineC : params.elevatedC;
  const recheckC = relative ? baselineC + params.recheckAboveBaselineC : params.recheckC;
  const margin = CLEAR_SIGMAS * uncertaintyC;
  const certain = uncertaintyC <= params.maximumUncertaintyC;
  if (temperatureC >= limitC)
    return { outcome: 'elevated', clear: certain && temperatureC - margin >= limitC, limitC };
  if (temperatureC >= recheckC || !certain) return { outcome: 'recheck', clear: false, limitC };
  return { outcome: 'normal', clear: temperatureC + margin < recheckC, limitC };
}
