import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until it is moved or set. */
export function setClock(unixMs: number, trusted = true) {
  let nowMs = 0;
  let wall = { offsetMs: unixMs, trusted };
  const clock: Clock = {
    nowMs: () => nowMs,
    wallTime: () => ({ unixMs: wall.offsetMs + nowMs, trusted: wall.trusted }),
    sleep: () => Promise.resolve(),
  };
  return {
    clock,
    pass: (ms: number): void => {
      nowMs += ms;
    },
    /** Sets the wall clock. */
    set: (toUnixMs: number, isTrusted = true): void => {
      wall = { offsetMs: toUnixMs - nowMs, trusted: isTrusted };
    },
  };
}
