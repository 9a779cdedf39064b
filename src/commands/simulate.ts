import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { gateParamsOf } from '../app/gate-params.ts';
import type { GateObserver } from '../app/screening-gate.ts';
import { reportOf } from '../simulation/report.ts';
import type { LineEdge } from '../simulation/virtual-lines.ts';
import { CommandError } from './command-error.ts';
import { liveObserver } from './live-observer.ts';
import { runSimulatedGate } from './simulated-gate.ts';
import { observersTogether, promptPrinter } from './simulation-observer.ts';
import { type SimulationFlags, simulationCommand } from './simulation-options.ts';
import { prepareSimulation } from './simulation-setup.ts';
import { summaryText, visitLine } from './simulation-summary.ts';
import { createVisitScorer } from './visit-scorer.ts';

type SimulateFlags = SimulationFlags &
  Readonly<{ report?: string; live: boolean; prompts?: true; timeline?: string }>;

/** `fevergate simulate`: the whole gate over virtual hardware, its answers set against the truth. */
export function simulateCommand(): Command {
  return simulationCommand('simulate')
    .description(
      'run the gate over virtual hardware: simulated visitors, real drivers, detector, records and alerts',
    )
    .option('--report <file>', 'write every visit and the summary as JSON')
    .option('--timeline <file>', 'write every change of every lamp and of the buzzer as JSON')
    .option('--prompts', 'print every change of light and sound to stderr')
    .addOption(new Option('--no-live', 'print visits only, draw no picture'))
    .action(async (flags: SimulateFlags) => {
      await simulate(flags);
    });
}

async function simulate(flags: SimulateFlags): Promise<void> {
  const { scene, gate } = await prepareSimulation(flags);
  const scorer = createVisitScorer(scene);
  const live = flags.live && process.stderr.isTTY;
  const shown: string[] = [];
  let closeView = (): void => undefined;
  const counts = { thermal: 0, camera: 0 };
  const startedAt = performance.now();

  let edges: readonly LineEdge[] = [];
  const observe: Parameters<typeof runSimulatedGate>[0]['observe'] = ({ lines }) => {
    edges = lines.edges;
    const observers: GateObserver[] = [
      {
        onInput: (input) => {
          if (input.kind === 'subpage') counts.thermal++;
          if (input.kind === 'frame') counts.camera++;
        },
        onVisit: (visit, alert) => {
          scorer.decided(visit, alert);
          const line = `visit ${visit.number}: ${visit.outcome}, mask ${visit.mask}`;
          shown.push(line);
          if (!live) process.stdout.write(`${line}\n`);
        },
      },
    ];
    if (flags.prompts) observers.push(promptPrinter());
    if (live) {
      const view = liveObserver(process.stderr, {
        lines,
        locate: gateParamsOf(gate.config).locate,
        visits: () => shown,
      });
      closeView = () => view.close();
      observers.push(view);
    }
    return observersTogether(observers);
  };

  try {
    await runSimulatedGate({ ...gate, observe });
  } finally {
    closeView();
  }

  const report = reportOf(flags.seed, scorer.truths(), scorer.decisions());
  for (const visit of report.visits) process.stdout.write(`${visitLine(visit)}\n`);
  process.stdout.write(
    summaryText(report, {
      seconds: (performance.now() - startedAt) / 1000,
      thermalFrames: counts.thermal,
      cameraFrames: counts.camera,
    }),
  );
  if (flags.report !== undefined) await writeJson('--report', flags.report, report);
  if (flags.timeline !== undefined) await writeJson('--timeline', flags.timeline, edges);
}

async function writeJson(option: string, file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`).catch((error: unknown) => {
    throw new CommandError(`${option} ${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
}
