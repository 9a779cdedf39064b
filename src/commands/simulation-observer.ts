import type { GateObserver } from '../app/screening-gate.ts';
import type { Signal } from '../domain/signal.ts';
import type { DecidedVisit, GateParams, GateState } from '../gate/types.ts';
import { type LiveView, openLiveView } from '../io/terminal/live-view.ts';
import type { VirtualLines } from '../simulation/virtual-lines.ts';

/** Runs several observers of one gate, in order. */
export function observersTogether(observers: readonly GateObserver[]): GateObserver {
  return {
    onStart: (start) => {
      for (const observer of observers) observer.onStart?.(start);
    },
    onInput: (input) => {
      for (const observer of observers) observer.onInput?.(input);
    },
    onState: (state) => {
      for (const observer of observers) observer.onState?.(state);
    },
    onVisit: (visit, alert) => {
      for (const observer of observers) observer.onVisit?.(visit, alert);
    },
    onRecords: (state) => {
      for (const observer of observers) observer.onRecords?.(state);
    },
  };
}

/** Prints what the gate shows, and what it keeps, to stderr, a line each time it changes, and every result with its visit number. */
export function promptPrinter(): GateObserver {
  let shown: Signal | null = null;
  return {
    onState: ({ signal, nowMs }) => {
      if (signal === shown) return;
      shown = signal;
      process.stderr.write(`${(nowMs / 1000).toFixed(1)} s: ${signal}\n`);
    },
    onVisit: ({ atMs, outcome, number }) => {
      const advice = outcome === 'normal' ? '' : ': check with a clinical thermometer';
      process.stderr.write(
        `${(atMs / 1000).toFixed(1)} s: result ${outcome}, visit No. ${number}${advice}\n`,
      );
    },
    onRecords: ({ profile, health }) => {
      const kept = health === 'ok' ? `storage profile ${profile}` : `nothing is kept, the disk is ${health}`;
      process.stderr.write(`records: ${kept}\n`);
    },
  };
}

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
