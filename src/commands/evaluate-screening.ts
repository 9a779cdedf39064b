import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { gateParamsOf } from '../app/gate-params.ts';
import { loadConfig } from '../config/load.ts';
import { screeningChart } from '../io/chart/screening-chart.ts';
import { readVisitTable, TableError, type VisitTable } from '../io/csv/visit-table.ts';
import { evaluateScreening, type ScreeningEvaluation } from '../screening/evaluation/evaluate-screening.ts';
import type { Proportion } from '../screening/evaluation/proportion.ts';
import { type LabelledVisit, replayVisits } from '../screening/evaluation/replay-visits.ts';
import type { RocArea } from '../screening/evaluation/roc.ts';
import { seededRandom } from '../simulation/random.ts';
import { readingErrors } from '../simulation/reading-error.ts';
import { CommandError } from './command-error.ts';

type Flags = Readonly<{
  config?: string;
  reading?: string;
  reference?: string;
  ambient?: string;
  time?: string;
  fever: number;
  skip: number;
  falseAlarms: number;
  noise: number;
  drift: number;
  referenceBody?: number;
  seed: number;
  plot?: string;
  json?: boolean;
}>;

const MS_PER_DAY = 86_400_000;

/** `fevergate evaluate screening FILE.csv`: the gate's decision on a table of visits. */
export function evaluateScreeningCommand(): Command {
  return new Command('screening')
    .description('replay a table of visits through the decision, and tell what it finds and what it misses')
    .argument('<file>', 'CSV with a heading line, one visit a row')
    .option('--config <file>', 'configuration whose limits are used (default: the built-in defaults)')
    .option(
      '--reading <column>',
      'face surface temperature, degC (default: reading_c, temperature_c or face_max_1_c)',
    )
    .option('--reference <column>', 'clinical thermometer, degC (default: reference_c or oral_c, if there)')
    .option('--ambient <column>', 'room temperature, degC (default: ambient_c, if there)')
    .option('--time <column>', 'time, ISO 8601 (default: time)')
    .option('--fever <degC>', 'fever by the reference from here on', celsius, 37.5)
    .option('--skip <visits>', 'first visits that teach what is normal and are not counted', wholeNumber, 20)
    .option(
      '--false-alarms <share>',
      'share of healthy visitors that may be elevated, 0.001 to 0.2',
      share,
      0.05,
    )
    .option('--noise <degC>', 'add sensor noise of this standard deviation', celsius, 0)
    .option('--drift <degC>', 'add a random walk of this standard deviation over the table', celsius, 0)
    .option(
      '--reference-body <degC>',
      'let a reference body in view tell the drift, with this standard deviation',
      celsius,
    )
    .option('--seed <number>', 'seed of noise and drift', wholeNumber, 1)
    .option('--plot <file.svg>', 'draw ROC curve and scores')
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      '\nThe threshold is a score: standard deviations of healthy visitors above what is normal at that moment.\nIt follows from --false-alarms; a running gate takes it from screening.falseAlarmShare.',
    )
    .action(evaluate);
}

async function evaluate(file: string, flags: Flags): Promise<void> {
  const { decision, minimumVisitors } = gateParamsOf(await loadConfig(flags.config ?? null));
  const table = await tableOf(file, flags);
  const judged = replayVisits(visitsOf(table, flags), {
    decision: { ...decision, falseAlarmShare: flags.falseAlarms },
    minimumVisitors,
    uncertaintyC: 0,
  });
  const evaluation = evaluateScreening(judged, flags.skip, (visits) => {
    const days = visits.map(({ atMs }) => Math.floor(atMs / MS_PER_DAY));
    return new Set(days).size;
  });
  if (evaluation.visits === 0) {
    throw new CommandError(
      `${file}: no visit with a ${table.columns.reference ?? 'reference (--reference COLUMN)'} after the first ${flags.skip}`,
    );
  }
  if (flags.plot !== undefined) {
    await writeFile(flags.plot, screeningChart(judged, flags.skip, path.basename(file)));
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(jsonOf(evaluation, table), null, 2)}\n`
      : report(evaluation, table),
  );
}

async function tableOf(file: string, { reading, reference, ambient, time }: Flags): Promise<VisitTable> {
  return readVisitTable(file, {
    ...(reading !== undefined && { reading }),
    ...(reference !== undefined && { reference }),
    ...(ambient !== undefined && { ambient }),
    ...(time !== undefined && { time }),
  }).catch((error: unknown) => {
    if (error instanceof TableError) throw new CommandError(error.message);
    throw error;
  });
}

function visitsOf({ rows }: VisitTable, flags: Flags): readonly LabelledVisit[] {
  const error = { noiseC: flags.noise, driftC: flags.drift, referenceBodyC: flags.referenceBody ?? null };
  const errorsC = readingErrors(rows.length, error, seededRandom(flags.seed));
  return rows.map(({ timeMs, readingC, ambientC, referenceC }, index) => ({
    atMs: timeMs,
    readingC: readingC + (errorsC[index] ?? 0),
    ambientC,
    fever: referenceC === null ? null : referenceC >= flags.fever,
  }));
}

function jsonOf(evaluation: ScreeningEvaluation, table: VisitTable): object {
  const { visits, fevers, area, rawArea, sensitivity, specificity, falseAlarmsPerDay } = evaluation;
  const interval = (of: Readonly<{ low: number; high: number }> | null) =>
    of === null ? null : [of.low, of.high];
  return {
    visits,
    fevers,
    auc: area?.area ?? null,
    aucInterval: interval(area),
    rawAuc: rawArea?.area ?? null,
    sensitivity: sensitivity?.share ?? null,
    sensitivityInterval: interval(sensitivity),
    specificity: specificity?.share ?? null,
    specificityInterval: interval(specificity),
    threshold: evaluation.limitScore,
    thresholdC: evaluation.limitC,
    falseAlarmsPerDay,
    columns: table.columns,
    withoutReading: table.withoutReading,
    reordered: table.reordered,
  };
}

function report(evaluation: ScreeningEvaluation, table: VisitTable): string {
  const { visits, fevers, area, rawArea, sensitivity, specificity } = evaluation;
  const left = table.withoutReading === 0 ? '' : `, ${table.withoutReading} rows without a reading left out`;
  const lines = [
    `visits counted  ${visits}, ${fevers} of them with fever by ${table.columns.reference ?? '-'}${left}`,
    `AUC             ${areaText(area)}; of the bare reading ${areaText(rawArea)}`,
    `threshold       score ${evaluation.limitScore.toFixed(2)} (median ${evaluation.limitC.toFixed(2)} degC)`,
    `sensitivity     ${shareText(sensitivity)}`,
    `specificity     ${shareText(specificity)}`,
    `false alarms    ${evaluation.falseAlarmsPerDay.toFixed(2)} a day`,
  ];
  if (table.reordered) lines.push('The table was not in order of time and has been put in order.');
  lines.push('Face surface temperatures; not a diagnosis. Brackets are 95 % intervals.');
  return `${lines.join('\n')}\n`;
}

function areaText(area: RocArea | null): string {
  return area === null
    ? 'not defined'
    : `${area.area.toFixed(3)} (${area.low.toFixed(3)} to ${area.high.toFixed(3)})`;
}

function shareText(of: Proportion | null): string {
  return of === null
    ? 'not defined'
    : `${of.share.toFixed(3)} (${of.low.toFixed(3)} to ${of.high.toFixed(3)})`;
}

function celsius(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value < 50) return value;
  throw new InvalidArgumentError('a number of degrees, from 0 to 50.');
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number.');
}

function share(text: string): number {
  const value = Number(text);
  if (value >= 0.001 && value <= 0.2) return value;
  throw new InvalidArgumentError('a share from 0.001 to 0.2.');
}
