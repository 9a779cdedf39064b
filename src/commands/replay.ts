import { Command } from 'commander';
import { createGateLoop, type GateInput, type GateLoop } from '../app/gate-loop.ts';
import { gateParamsOf } from '../app/gate-params.ts';
import { assemblerFor } from '../app/screening-gate.ts';
import { type Config, configSchema } from '../config/schema.ts';
import type { DecidedVisit } from '../gate/types.ts';
import type { RecordedDecision, RecordedInput } from '../io/recording/format.ts';
import { openRecording, type Recording } from '../io/recording/reader.ts';
import { openFaceFinder } from '../io/tfjs/worker-face-finder.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import { checkEeprom } from '../thermal/mlx90640/eeprom-check.ts';
import { CommandError } from './command-error.ts';
import { asCommandError } from './recording-errors.ts';
import { replayThermalRecording } from './thermal-replay.ts';

/** `fevergate replay`: decides a recording again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('decide a recording again and compare with what the gate decided then')
    .argument('<recording>', 'folder made by `fevergate record`, or a thermal-only recording NAME.json')
    .action(async (source: string) => {
      if (source.endsWith('.json')) await replayThermalRecording(source);
      else await replayFolder(source);
    });
}

async function replayFolder(folder: string): Promise<void> {
  const recording = await openRecording(folder).catch(asCommandError);
  const config = configOf(recording, folder);
  const faceFinder = await openFaceFinder(config.vision);
  try {
    const decided = await decideAgain(recording, config, faceFinder).catch(asCommandError);
    for (const decision of decided) process.stdout.write(`${JSON.stringify(decision)}\n`);
    const difference = firstDifference(recording.decisions, decided);
    if (difference !== null) throw new CommandError(`${folder}: ${difference}`);
    process.stderr.write(`${decided.length} decisions, the same as recorded\n`);
  } finally {
    await faceFinder.close();
  }
}

async function decideAgain(
  recording: Recording,
  config: Config,
  faceFinder: FaceFinder,
): Promise<readonly RecordedDecision[]> {
  const { header } = recording;
  const sensor = checkEeprom(Uint16Array.from(header.eeprom));
  if (!sensor.ok) throw new CommandError(`recording.json: eeprom: ${sensor.reason}`);
  const decided: RecordedDecision[] = [];
  const loop: GateLoop = createGateLoop({
    params: gateParamsOf(config),
    firstVisitNumber: header.firstVisitNumber,
    assemblerFor: (poweredOnAtMs) => assemblerFor(sensor, config, poweredOnAtMs),
    poweredOnAtMs: header.poweredOnAtMs,
    onEffect: (effect) => {
      if (effect.kind === 'visit') decided.push(decisionOf(effect.visit));
    },
  });
  for await (const input of recording.inputs()) loop.accept(await seen(input, faceFinder));
  return decided;
}

async function seen(input: RecordedInput, faceFinder: FaceFinder): Promise<GateInput> {
  return input.kind === 'frame'
    ? { ...input, faces: await faceFinder.find(input.frame, input.judgeMasks) }
    : input;
}

/** What a recording keeps of a decision. */
export function decisionOf(visit: DecidedVisit): RecordedDecision {
  const { number, atMs, outcome, mask, reading, baselineC } = visit;
  return { number, atMs, outcome, mask, ...reading, baselineC };
}

function firstDifference(then: readonly RecordedDecision[], now: readonly RecordedDecision[]): string | null {
  const length = Math.max(then.length, now.length);
  for (let index = 0; index < length; index++) {
    const [before, after] = [JSON.stringify(then[index]), JSON.stringify(now[index])];
    if (before !== after) return `decision ${index + 1} differs: recorded ${before}, replayed ${after}`;
  }
  return null;
}

function configOf(recording: Recording, folder: string): Config {
  const result = configSchema.safeParse(recording.header.config);
  if (!result.success) throw new CommandError(`${folder}/recording.json: config: ${result.error.message}`);
  return result.data;
}
