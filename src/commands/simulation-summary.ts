import type { Outcome } from '../domain/visit.ts';
import type { ReportedVisit, SimulationReport } from '../simulation/report.ts';

const OUTCOMES: readonly Outcome[] = ['normal', 'recheck', 'elevated'];

/** One visit as a line: what was true, what was read, what was answered. */
export function visitLine(visit: ReportedVisit): string {
  const truth = `${visit.trueTemperatureC.toFixed(2)} degC${visit.fever ? ' fever' : '      '}`;
  const mask = visit.mask === 'worn' ? 'mask   ' : 'no mask';
  const answer =
    visit.outcome === null || visit.readingC === null || visit.uncertaintyC === null
      ? 'LOST'
      : `${visit.outcome.padEnd(8)} read ${visit.readingC.toFixed(2)} +- ${visit.uncertaintyC.toFixed(2)}, ${visit.maskDecided}, ${visit.decisionMs?.toFixed(0)} ms`;
  return `visitor ${String(visit.number).padStart(3)} at ${visit.distanceM.toFixed(2)} m: ${truth} ${mask} -> ${answer}`;
}

/** The end of a simulation in words: confusion matrix, errors, times. `seconds` is wall time. */
export function summaryText(
  report: SimulationReport,
  run: Readonly<{ seconds: number; thermalFrames: number; cameraFrames: number }>,
): string {
  const { summary } = report;
  return [
    '',
    `visits ${summary.visits}, lost ${summary.lost}, unexpected answers ${summary.unexpected}`,
    confusionMatrix(report.visits),
    `fevers answered normal (wrong green) ${summary.wrongGreen}; false alerts ${summary.falseAlerts}; sensitivity ${percent(summary.sensitivity)}, specificity ${percent(summary.specificity)}`,
    `face surface temperature: bias ${number(summary.biasC, 3)} degC, sd ${number(summary.sdC, 3)} degC`,
    `mask decided rightly ${percent(summary.maskRight)}, unsure ${summary.maskUnsure}`,
    `time to decision: median ${number(summary.decisionMsMedian, 0)} ms, p95 ${number(summary.decisionMsP95, 0)} ms after standing still`,
    `wall time ${run.seconds.toFixed(1)} s: ${(summary.visits / run.seconds).toFixed(1)} visits/s, ${(run.thermalFrames / run.seconds).toFixed(0)} thermal and ${(run.cameraFrames / run.seconds).toFixed(0)} camera frames/s`,
    'Simulated visitors only. This is not a medical device; an elevated reading asks for a clinical thermometer and a human.',
    '',
  ].join('\n');
}

function confusionMatrix(visits: readonly ReportedVisit[]): string {
  const row = (name: string, fever: boolean): string => {
    const of = visits.filter((visit) => visit.fever === fever);
    const counts = OUTCOMES.map((outcome) => of.filter((visit) => visit.outcome === outcome).length);
    return `  ${name.padEnd(10)}${counts.map((count) => String(count).padStart(10)).join('')}`;
  };
  const head = `  ${'true'.padEnd(10)}${OUTCOMES.map((outcome) => outcome.padStart(10)).join('')}`;
  return [head, row('no fever', false), row('fever', true)].join('\n');
}

function number(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}

function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(1)} %`;
}
