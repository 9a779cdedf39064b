import type { Command } from 'commander';
import type { GateInput } from '../app/gate-loop.ts';
import type { RecordedDecision } from '../io/recording/format.ts';
import { openRecordingWriter, type RecordingWriter } from '../io/recording/writer.ts';
import { asCommandError } from './recording-errors.ts';
import { decisionOf } from './replay.ts';
import { POWERED_ON_AT_MS, runSimulatedGate } from './simulated-gate.ts';
import { type SimulationFlags, simulationCommand } from './simulation-options.ts';
import { prepareSimulation } from './simulation-setup.ts';
import { createVisitScorer } from './visit-scorer.ts';

/** `fevergate record`: keeps everything a simulated gate takes in, so that it can be decided again. */
export function recordCommand(): Command {
  return simulationCommand('record')
    .description(
      'run a simulated gate and keep its raw subpages, EEPROM and camera frames for `fevergate replay`',
    )
    .argument('<folder>', 'new or empty folder for the recording; it will be readable by you alone')
    .action(async (folder: string, flags: SimulationFlags) => {
      await record(folder, flags);
    });
}

async function record(folder: string, flags: SimulationFlags): Promise<void> {
  const { scene, gate } = await prepareSimulation(flags);
  const scorer = createVisitScorer(scene);
  const decisions: RecordedDecision[] = [];
  const writer: RecordingWriter = await openRecordingWriter(folder, {
    version: 1,
    firstVisitNumber: 1,
    poweredOnAtMs: POWERED_ON_AT_MS,
    eeprom: [...gate.eeprom],
    config: { ...gate.config, alerts: { mqtt: {} } },
  }).catch(asCommandError);
  try {
    await runSimulatedGate({
      ...gate,
      observe: () => ({
        onInput: (input) => writer.write(recordedInput(input)),
        onVisit: (visit, alert) => {
          scorer.decided(visit, alert);
          decisions.push(decisionOf(visit));
          process.stdout.write(`visit ${visit.number}: ${visit.outcome}, mask ${visit.mask}\n`);
        },
      }),
    });
  } finally {
    await writer.close(decisions);
  }
  process.stderr.write(`recorded ${decisions.length} visits in ${folder}\n`);
}

/** Faces are found again at replay: only the frame is kept. */
function recordedInput(input: GateInput) {
  if (input.kind !== 'frame') return input;
  const { kind, frame, judgeMasks } = input;
  return { kind, frame, judgeMasks };
}
