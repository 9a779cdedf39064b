import type { Running } from '../../support/emulated-hardware.ts';
import { type Door, GATE_CHIP, LAMPS } from './door.ts';

/** An answer of the gate, as its lamps gave it. */
export type Answer = Readonly<{
  atMs: number;
  outcome: string;
  visitor: number | null;
  fever: boolean | null;
}>;

/** Watches a running gate from the visitors' side. */
export interface Screening {
  readonly answers: readonly Answer[];
  /** Every signal the gate has shown, in order. */
  readonly signals: readonly string[];
  /** Looks at what has happened since the last call, and lets answered visitors go. */
  look(): void;
}

const ANSWERS = ['normal', 'recheck', 'elevated'];
/** As `--prompts` prints them. */
const PROMPT = /^[\d.]+ s: (\S+)$/gm;

/** @param gate runs with `--prompts` */
export function watchScreening(door: Door, gate: Running): Screening {
  const answers: Answer[] = [];
  const signals: string[] = [];
  return {
    answers,
    signals,
    look() {
      const shown = [...gate.output().stderr.matchAll(PROMPT)].map(([, signal]) => signal ?? '');
      for (const signal of shown.slice(signals.length)) {
        signals.push(signal);
        if (!ANSWERS.includes(signal)) continue;
        const atMs = door.clock.nowMs();
        const visitor = door.scene.inViewAt(atMs)[0]?.number ?? null;
        const truth = door.scene.visitors.find(({ number }) => number === visitor);
        answers.push({ atMs, outcome: signal, visitor, fever: truth?.fever ?? null });
        if (visitor !== null) door.scene.dismiss(visitor, atMs);
      }
    },
  };
}

/** Times at which the green lamp went on, ms on the door's clock. */
export function greenLights(door: Door): readonly number[] {
  return door.hardware.trace.edges
    .filter(({ chip, line, level }) => chip === GATE_CHIP && line === LAMPS.green && level === 1)
    .map(({ atMs }) => atMs);
}

/** Green lamps that shone for a feverish visitor, or for nobody. */
export function wrongGreens(door: Door): readonly number[] {
  return greenLights(door).filter((atMs) => {
    const visitor = door.scene.inViewAt(atMs)[0]?.number;
    const truth = door.scene.visitors.find(({ number }) => number === visitor);
    return truth === undefined || truth.fever;
  });
}
