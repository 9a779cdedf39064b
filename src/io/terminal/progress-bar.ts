import { createLogUpdate } from 'log-update';

/** Shows how far long work has come; nothing where nobody watches. */
export interface ProgressBar {
  /** @param done share, 0 to 1 */
  show(what: string, done: number): void;
  /** Takes the bar away. */
  clear(): void;
}

const WIDTH = 30;
const REDRAW_MS = 50;

export function openProgressBar(stream: NodeJS.WriteStream): ProgressBar {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  const update = createLogUpdate(stream);
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(what, done) {
      const nowMs = performance.now();
      if (nowMs - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = nowMs;
      const full = Math.round(WIDTH * Math.min(1, Math.max(0, done)));
      const percent = String(Math.round(100 * done)).padStart(3);
      update(`${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${percent} % ${what}`);
    },
    clear() {
      update.clear();
      update.done();
    },
  };
}
