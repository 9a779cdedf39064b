import type { Command } from 'commander';
import type { GateInput } from '../app/gate-loop.ts';
import type { GateStart } from '../app/screening-gate.ts';
import type { Config } from '../config/schema.ts';
import type { RecordedDecision, RecordingHeader } from '../io/recording/format.ts';
import { openRecordingWriter, type RecordingWriter } from '../io/recording/writer.ts';
import { asCommandError } from './recording-errors.ts';
import { decisionOf } from './replay.ts';
import { runSimulatedGate } from './simulated-gate.ts';
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
  const writer: RecordingWriter = await openRecordingWriter(folder).catch(asCommandError);
  try {
    await runSimulatedGate({
      ...gate,
      observe: () => ({
        onStart: (start) => writer.begin(headerOf(gate.config, start)),
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

/** The sensor's own refresh rate, and nothing of where alerts go. */
function headerOf(config: Config, start: GateStart): RecordingHeader {
  const { eeprom, firstVisitNumber, poweredOnAtMs, refreshRateHz } = start;
  return {
    version: 1,
    firstVisitNumber,
    poweredOnAtMs,
    eeprom: [...eeprom],
    config: { ...config, thermal: { ...config.thermal, refreshRateHz }, alerts: { mqtt: {} } },
  };
}

/** Faces are found again at replay: only the frame is kept, in a copy, since a gate may overwrite its own. */
function recordedInput(input: GateInput) {
  if (input.kind !== 'frame') return input;
  const { kind, frame, judgeMasks } = input;
  return { kind, frame: { ...frame, data: frame.data.slice() }, judgeMasks };
}
