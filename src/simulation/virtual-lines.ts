import type { Clock } from '../ports/clock.ts';
import type { GateLines } from '../ports/output-line.ts';

/** One change of one output; `value` is on or off for an LED, hertz for the buzzer (0: silence). */
export type LineEdge = Readonly<{
  /** On the clock the lines were made with, ms. */
  atMs: number;
  line: 'red' | 'yellow' | 'green' | 'buzzer';
  value: boolean | number;
}>;

/** What somebody before the gate sees and hears at the moment. */
export type ShownLines = Readonly<{ red: boolean; yellow: boolean; green: boolean; toneHz: number }>;

/** Outputs that drive nothing and remember everything. */
export type VirtualLines = GateLines &
  Readonly<{
    /** Every change so far, oldest first; setting a line to what it is already leaves no edge. */
    edges: readonly LineEdge[];
    shown(): ShownLines;
  }>;

/** All lines start off and silent. */
export function createVirtualLines(clock: Pick<Clock, 'nowMs'>): VirtualLines {
  const edges: LineEdge[] = [];
  const now = { red: false, yellow: false, green: false, toneHz: 0 };
  const led = (line: 'red' | 'yellow' | 'green'): GateLines['red'] => ({
    set(on) {
      if (now[line] === on) return;
      now[line] = on;
      edges.push({ atMs: clock.nowMs(), line, value: on });
    },
  });
  return {
    red: led('red'),
    yellow: led('yellow'),
    green: led('green'),
    buzzer: {
      tone(frequencyHz) {
        if (now.toneHz === frequencyHz) return;
        now.toneHz = frequencyHz;
        edges.push({ atMs: clock.nowMs(), line: 'buzzer', value: frequencyHz });
      },
    },
    edges,
    shown: () => ({ ...now }),
  };
}
