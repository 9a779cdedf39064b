import type { Signal } from '../domain/signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { GateLines } from '../ports/output-line.ts';
import { PATTERNS, type PatternStep, stepAt } from './patterns.ts';

/** Plays signals on the gate's lines. */
export interface FeedbackPlayer {
  /** Shows a signal from now on; at once, whatever was shown before. */
  show(signal: Signal): void;
  /** Stops and leaves every line off, the safe state. */
  stop(): void;
}

/** Below this a step is over: keeps rounding from making endless short sleeps. */
const MINIMUM_STEP_MS = 1;

/** Starts with every line off. */
export function createFeedbackPlayer(lines: GateLines, clock: Clock): FeedbackPlayer {
  let playing: AbortController | null = null;
  apply(lines, { durationMs: 0 });

  const play = async (signal: Signal, abort: AbortSignal): Promise<void> => {
    const startedMs = clock.nowMs();
    while (!abort.aborted) {
      const { step, remainingMs } = stepAt(PATTERNS[signal], clock.nowMs() - startedMs);
      apply(lines, step);
      await clock.sleep(Math.max(MINIMUM_STEP_MS, remainingMs), abort);
    }
  };

  return {
    show(signal) {
      playing?.abort();
      const controller = new AbortController();
      playing = controller;
      play(signal, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) throw error;
      });
    },
    stop() {
      playing?.abort();
      playing = null;
      apply(lines, { durationMs: 0 });
    },
  };
}

function apply(lines: GateLines, step: PatternStep): void {
  lines.red.set(step.red ?? false);
  lines.yellow.set(step.yellow ?? false);
  lines.green.set(step.green ?? false);
  lines.buzzer.tone(step.toneHz ?? 0);
}
