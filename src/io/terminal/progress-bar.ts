/** Tells how far a long work has come. */
export interface ProgressBar {
  step(): void;
  /** Clears the line. */
  end(): void;
}

const WIDTH = 30;
const EVERY_MS = 100;

/** A line that fills up on a terminal; nothing on anything else. */
export function progressBar(stream: NodeJS.WriteStream, total: number): ProgressBar {
  if (!stream.isTTY || total === 0) return { step: () => undefined, end: () => undefined };
  let done = 0;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    step() {
      done++;
      if (performance.now() - drawnAtMs < EVERY_MS && done < total) return;
      drawnAtMs = performance.now();
      const full = Math.round((WIDTH * Math.min(done, total)) / total);
      stream.write(`\r${'#'.repeat(full)}${'.'.repeat(WIDTH - full)} ${done} of ${total}`);
    },
    end: () => void stream.write('\r\u001b[K'),
  };
}
