import type { CameraFrame } from '../domain/camera-frame.ts';
import type { SeenFace } from '../domain/face.ts';
import type { CheckVerdict } from '../domain/visit.ts';
import { initialState, step } from '../gate/gate.ts';
import type { GateEffect, GateEvent, GateParams, GateState, Part } from '../gate/types.ts';
import type { RawSubpage } from '../thermal/mlx90640/raw-subpage.ts';
import type { ThermogramAssembler } from '../thermal/thermogram-assembler.ts';

/** What reaches the gate from below, in the order in which it is taken in. A recording is a list of these. */
export type GateInput =
  | Readonly<{ kind: 'subpage'; raw: RawSubpage }>
  | Readonly<{ kind: 'frame'; frame: CameraFrame; judgeMasks: boolean; faces: readonly SeenFace[] }>
  | Readonly<{ kind: 'fault'; atMs: number; part: Part; failed: boolean }>
  /** What guards have found so far with a clinical thermometer. */
  | Readonly<{ kind: 'checks'; atMs: number; verdicts: readonly CheckVerdict[] }>
  /** The thermal sensor was without supply until now: it warms up anew. */
  | Readonly<{ kind: 'power-on'; atMs: number }>
  | Readonly<{ kind: 'tick'; atMs: number }>;

/** What the loop is made of. */
export type GateLoopParts = Readonly<{
  params: GateParams;
  firstVisitNumber: number;
  /** Makes the thermal decoding of a sensor that got its supply at `poweredOnAtMs`. */
  assemblerFor: (poweredOnAtMs: number) => ThermogramAssembler;
  poweredOnAtMs: number;
  /** Carries an effect out; must not throw. */
  onEffect: (effect: GateEffect, state: GateState) => void;
  /** Sees every input before it is judged: recording, live views. A frame is wiped afterwards: copy what is to be kept. */
  onInput?: (input: GateInput) => void;
  /** Sees the state after every input. */
  onState?: (state: GateState) => void;
  /** Sees why a subpage was not used. */
  onRejected?: (reason: string) => void;
}>;

/** The gate's core with its sensor decoding: the same inputs give the same effects, live or from a recording. */
export interface GateLoop {
  readonly state: GateState;
  accept(input: GateInput): void;
}

export function createGateLoop(parts: GateLoopParts): GateLoop {
  let state = initialState(parts.firstVisitNumber);
  let assembler = parts.assemblerFor(parts.poweredOnAtMs);

  const eventOf = (input: GateInput): GateEvent | null => {
    switch (input.kind) {
      case 'subpage': {
        const result = assembler.accept(input.raw);
        if (result.kind === 'rejected') parts.onRejected?.(result.reason);
        if (result.kind !== 'thermogram') return null;
        return { kind: 'thermogram', atMs: result.thermogram.atMs, thermogram: result.thermogram };
      }
      case 'frame':
        return { kind: 'faces', atMs: input.frame.atMs, faces: input.faces };
      case 'power-on':
        assembler = parts.assemblerFor(input.atMs);
        return { kind: 'tick', atMs: input.atMs };
      case 'fault':
      case 'checks':
      case 'tick':
        return input;
    }
  };

  return {
    get state() {
      return state;
    },
    accept(input) {
      parts.onInput?.(input);
      const event = eventOf(input);
      if (event === null) return;
      const transition = step(state, event, parts.params);
      state = transition.state;
      for (const effect of transition.effects) parts.onEffect(effect, state);
      parts.onState?.(state);
    },
  };
}
