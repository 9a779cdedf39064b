import type { MaskState } from '../domain/face.ts';
import type { Outcome } from '../domain/visit.ts';

/** What is true of one simulated visitor. */
export type VisitorTruth = Readonly<{
  number: number;
  trueTemperatureC: number;
  /** At least 1.5 degC above this visitor's own normal. */
  fever: boolean;
  mask: 'worn' | 'not-worn';
  distanceM: number;
  /** Shows a living face long enough: must be measured. Hands, photos and early leavers must not. */
  measurable: boolean;
  /** When the visitor begins to stand still, ms. */
  standsAtMs: number;
}>;

/** What the gate decided while that visitor stood there; null visitor: nobody did. */
export type DecidedTruth = Readonly<{
  visitor: number | null;
  atMs: number;
  outcome: Outcome;
  readingC: number;
  uncertaintyC: number;
  maskDecided: MaskState;
  alertId: string | null;
}>;

/** One visitor of the report; `outcome` and what follows are null for a visitor the gate did not answer. */
export type ReportedVisit = Readonly<{
  number: number;
  trueTemperatureC: number;
  fever: boolean;
  mask: 'worn' | 'not-worn';
  distanceM: number;
  outcome: Outcome | null;
  readingC: number | null;
  uncertaintyC: number | null;
  maskDecided: MaskState | null;
  /** From standing still to the answer, ms; 0 when it came during the last step. */
  decisionMs: number | null;
  alertId: string | null;
}>;

export type SimulationSummary = Readonly<{
  visits: number;
  /** Measurable visitors without an answer. */
  lost: number;
  /** Answers to nobody measurable: a hand, a photo, a second answer to one visitor. */
  unexpected: number;
  /** Fevers answered `normal`. */
  wrongGreen: number;
  /** Visitors without fever answered `elevated`. */
  falseAlerts: number;
  /** Visitors without fever asked to be checked again. */
  rechecks: number;
  /** Fevers answered `elevated`, of all answered fevers. */
  sensitivity: number | null;
  /** Visitors without fever not answered `elevated`, of all such. */
  specificity: number | null;
  /** Mean and standard deviation of reading less truth, degC. */
  biasC: number | null;
  sdC: number | null;
  /** Mask decided rightly, of those decided; and undecided. */
  maskRight: number | null;
  maskUnsure: number;
  decisionMsMedian: number | null;
  decisionMsP95: number | null;
}>;

export type SimulationReport = Readonly<{
  seed: number;
  visits: readonly ReportedVisit[];
  summary: SimulationSummary;
}>;

/** Sets the gate's decisions against the truth. */
export function reportOf(
  seed: number,
  truths: readonly VisitorTruth[],
  decisions: readonly DecidedTruth[],
): SimulationReport {
  const first = new Map<number, DecidedTruth>();
  for (const decision of decisions) {
    if (decision.visitor !== null && !first.has(decision.visitor)) first.set(decision.visitor, decision);
  }
  const expected = truths.filter((truth) => truth.measurable);
  const answered = expected.flatMap((truth) => {
    const decision = first.get(truth.number);
    return decision === undefined ? [] : [{ truth, decision }];
  });
  return {
    seed,
    visits: expected.map((truth) => reported(truth, first.get(truth.number))),
    summary: summaryOf(answered, expected.length, decisions.length),
  };
}

function reported(truth: VisitorTruth, decision: DecidedTruth | undefined): ReportedVisit {
  const { number, trueTemperatureC, fever, mask, distanceM } = truth;
  return {
    number,
    trueTemperatureC,
    fever,
    mask,
    distanceM,
    outcome: decision?.outcome ?? null,
    readingC: decision?.readingC ?? null,
    uncertaintyC: decision?.uncertaintyC ?? null,
    maskDecided: decision?.maskDecided ?? null,
    decisionMs: decision === undefined ? null : decisionMsOf(truth, decision),
    alertId: decision?.alertId ?? null,
  };
}

type Answered = Readonly<{ truth: VisitorTruth; decision: DecidedTruth }>;

function summaryOf(answered: readonly Answered[], expected: number, decisions: number): SimulationSummary {
  const fevers = answered.filter(({ truth }) => truth.fever);
  const healthy = answered.filter(({ truth }) => !truth.fever);
  const errorsC = answered.map(({ truth, decision }) => decision.readingC - truth.trueTemperatureC);
  const decisionMs = answered.map(({ truth, decision }) => decisionMsOf(truth, decision));
  const withMask = answered.filter(({ decision }) => decision.maskDecided !== 'unsure');
  const falseAlerts = countOutcome(healthy, 'elevated');
  return {
    visits: answered.length,
    lost: expected - answered.length,
    unexpected: decisions - answered.length,
    wrongGreen: countOutcome(fevers, 'normal'),
    falseAlerts,
    rechecks: countOutcome(healthy, 'recheck'),
    sensitivity: share(countOutcome(fevers, 'elevated'), fevers.length),
    specificity: share(healthy.length - falseAlerts, healthy.length),
    biasC: meanOf(errorsC),
    sdC: standardDeviationOf(errorsC),
    maskRight: share(
      withMask.filter(({ truth, decision }) => decision.maskDecided === truth.mask).length,
      withMask.length,
    ),
    maskUnsure: answered.length - withMask.length,
    decisionMsMedian: quantileOf(decisionMs, 0.5),
    decisionMsP95: quantileOf(decisionMs, 0.95),
  };
}

function decisionMsOf(truth: VisitorTruth, decision: DecidedTruth): number {
  return Math.max(0, decision.atMs - truth.standsAtMs);
}

function countOutcome(answered: readonly Answered[], outcome: Outcome): number {
  return answered.filter(({ decision }) => decision.outcome === outcome).length;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

function standardDeviationOf(values: readonly number[]): number | null {
  const mean = meanOf(values);
  if (mean === null || values.length < 2) return null;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Nearest-rank quantile; null without values. */
function quantileOf(values: readonly number[], quantile: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? null;
}
