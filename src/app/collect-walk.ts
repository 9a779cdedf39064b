import type { Config } from '../config/schema.ts';
import type { Signal } from '../domain/signal.ts';
import { createFeedbackPlayer } from '../feedback/player.ts';
import type { Camera } from '../ports/camera.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import type { GateLines } from '../ports/output-line.ts';
import type { Guidance } from '../registration/guidance.ts';
import { assemblerFor } from './screening-gate.ts';
import { createSensorKeeper, type SensorParts } from './sensor-keeper.ts';
import { createWalkWatcher, type Walk } from './walk-watcher.ts';

/** What a walk is watched with. Nothing here keeps visits or tells anybody. */
export type WalkParts = SensorParts &
  Readonly<{ config: Config; camera: Camera; faceFinder: FaceFinder; lines: GateLines }>;

/** A moment of the walk, for whoever leads it. */
export type WalkProgress = Readonly<{ guidance: Guidance; remainingS: number }>;

/**
 * Watches somebody walk before the gate, leading them by light and sound, until every part of the field was seen or the
 * time is up. Neither mask nor temperature is judged, so a sensor that still warms up will do.
 * @throws SensorError, CameraError, VisionError: what keeps it from watching
 */
export async function collectWalk(
  parts: WalkParts,
  seconds: number,
  onProgress: (progress: WalkProgress) => void,
  signal: AbortSignal,
): Promise<Walk> {
  const { camera, clock, config, faceFinder, lines } = parts;
  const player = createFeedbackPlayer(lines, clock);
  const done = new AbortController();
  const until = AbortSignal.any([done.signal, signal]);
  try {
    player.show('warming-up');
    const keeper = createSensorKeeper(parts);
    const sensor = await keeper.open();
    const watcher = createWalkWatcher(config, sensor.refreshRateHz);
    const assembler = assemblerFor(sensor, config, clock.nowMs());
    const endMs = clock.nowMs() + seconds * 1000;
    let shown: Signal | null = null;

    const thermal = async (): Promise<void> => {
      for await (const raw of keeper.subpages(sensor, until)) {
        const result = assembler.accept(raw);
        if (result.kind === 'thermogram') watcher.picture(result.thermogram);
      }
    };
    const vision = async (): Promise<void> => {
      while (!until.aborted) {
        const frame = await camera.capture(until);
        const guidance = watcher.faces(await faceFinder.find(frame, false), frame.atMs);
        onProgress({ guidance, remainingS: Math.max(0, (endMs - clock.nowMs()) / 1000) });
        if (guidance.signal !== shown) player.show(guidance.signal);
        shown = guidance.signal;
        if (guidance.wanted === null || clock.nowMs() >= endMs) done.abort();
      }
    };
    const deadline = clock.sleep(seconds * 1000, until).finally(() => done.abort());
    await Promise.all([thermal, vision, () => deadline].map((task) => endQuietly(task, done, until)));
    return watcher.walk();
  } finally {
    player.stop();
  }
}

/** Ends the other tasks with its own; a task's failure counts only when it was not asked to end. */
async function endQuietly(
  task: () => Promise<void>,
  done: AbortController,
  until: AbortSignal,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!until.aborted) throw error;
  } finally {
    done.abort();
  }
}
