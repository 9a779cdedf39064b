import { setTimeout as sleep } from 'node:timers/promises';
import { fevergateUnder, type Running } from '../../support/emulated-hardware.ts';
import type { Door } from './door.ts';
import type { Mishap } from './mishaps.ts';
import { type Screening, watchScreening } from './screening.ts';

const LOOK_MS = 50;

export type DoorRun = Readonly<{ gate: Running; screening: Screening; happened: readonly string[] }>;

export type DoorRunOptions = Readonly<{
  door: Door;
  /** Ends when so many have been answered. */
  answers: number;
  /** A mishap begins after every so many answers. */
  everyAnswers: number;
  mishaps: readonly Mishap[];
  withinMs: number;
}>;

/** Runs the gate, as a process on emulated hardware, while things go wrong. It still runs afterwards. */
export async function runThroughMishaps(options: DoorRunOptions): Promise<DoorRun> {
  const { door, mishaps } = options;
  const gate = fevergateUnder(door.hardware, ['run', '--prompts', '--config', door.configFile], door.env);
  const screening = watchScreening(door, gate);
  const happened: string[] = [];
  let ended = false;
  void gate.ended.then(() => {
    ended = true;
  });
  const deadline = performance.now() + options.withinMs;
  let endsMs = 0;
  let mishap: Mishap | null = null;
  while (screening.answers.length < options.answers) {
    if (ended || performance.now() > deadline) {
      throw new Error(
        `${ended ? 'the gate ended' : 'too slow'} after ${screening.answers.length} answers, last mishap: ${happened.at(-1)}\n${gate.output().stderr.slice(-3000)}`,
      );
    }
    await sleep(LOOK_MS);
    screening.look();
    if (mishap !== null && performance.now() > endsMs) {
      mishap.end(door);
      mishap = null;
    } else if (mishap === null && screening.answers.length >= options.everyAnswers * (happened.length + 1)) {
      mishap = mishaps[happened.length % mishaps.length] ?? null;
      if (mishap === null) continue;
      happened.push(mishap.name);
      mishap.begin(door);
      endsMs = performance.now() + mishap.lastsMs;
    }
  }
  mishap?.end(door);
  return { gate, screening, happened };
}
