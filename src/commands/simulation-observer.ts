import type { GateObserver } from '../app/screening-gate.ts';
import type { Signal } from '../domain/signal.ts';

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
