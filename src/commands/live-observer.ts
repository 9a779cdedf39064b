import type { GateObserver } from '../app/screening-gate.ts';
import type { DecidedVisit, GateParams, GateState } from '../gate/types.ts';
import { type LiveView, openLiveView } from '../io/terminal/live-view.ts';
import type { VirtualLines } from '../simulation/virtual-lines.ts';

/** What a live view needs to know of a gate beside its state. */
export type LiveSources = Readonly<{
  lines: VirtualLines;
  locate: GateParams['locate'];
  /** Lines about past visits, newest last. */
  visits: () => readonly string[];
}>;

const REDRAW_MS = 100;
/** A face not seen for so long is not drawn any more. */
const SHOWN_FACE_MS = 500;

/** Draws the gate's state on a terminal, at most ten times a second. */
export function liveObserver(
  stream: NodeJS.WriteStream,
  { lines, locate, visits }: LiveSources,
): GateObserver & Pick<LiveView, 'close'> {
  const view = openLiveView(stream);
  let drawnAt = 0;
  let answered: DecidedVisit | null = null;
  return {
    onVisit: (visit) => {
      answered = visit;
    },
    onState: (state) => {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      view.draw({
        atMs: state.nowMs,
        thermogram: state.thermogram,
        face: faceIn(state, locate),
        signal: state.signal,
        visitNumber: answered?.outcome === state.signal ? answered.number : null,
        lines: lines.shown(),
        visits: visits(),
      });
    },
    close: () => view.close(),
  };
}

function faceIn(state: GateState, locate: GateParams['locate']) {
  const newest = state.tracking.tracks.find((track) => state.nowMs - track.seenAtMs < SHOWN_FACE_MS);
  return newest === undefined ? null : (locate(newest.face)?.face ?? null);
}
