import type { Clock } from '../ports/clock.ts';
import type { GateLines } from '../ports/output-line.ts';

const LAMP_MS = 1000;
const TONE_MS = 400;
const TONES_HZ = [880, 1760] as const;

/**
 * Lights every lamp alone, then sounds the buzzer, for somebody to look and listen; ends early, everything off, when
 * aborted.
 * @param say told what is on
 */
export async function showOutputs(
  lines: GateLines,
  clock: Clock,
  say: (what: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const pause = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => undefined);
  for (const colour of ['red', 'yellow', 'green'] as const) {
    if (signal.aborted) return;
    say(`${colour} lamp`);
    lines[colour].set(true);
    await pause(LAMP_MS);
    lines[colour].set(false);
  }
  for (const frequencyHz of TONES_HZ) {
    if (signal.aborted) return;
    say(`buzzer, ${frequencyHz} Hz`);
    lines.buzzer.tone(frequencyHz);
    await pause(TONE_MS);
    lines.buzzer.tone(0);
  }
}
