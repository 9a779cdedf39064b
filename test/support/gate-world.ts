import { gateParamsOf, mountOf } from '../../src/app/gate-params.ts';
import { configSchema } from '../../src/config/schema.ts';
import type { SeenFace } from '../../src/domain/face.ts';
import { pinholeOptics, thermalOptics, toThermalAxes } from '../../src/domain/optics.ts';
import type { Thermogram } from '../../src/domain/thermogram.ts';
import { initialState, step } from '../../src/gate/gate.ts';
import type { GateEffect, GateEvent, GateParams, GateState } from '../../src/gate/types.ts';

/** One person as both sensors see them; `faceC` null: a photo without heat. */
export type Person = Readonly<{
  x: number;
  distanceM: number;
  faceC: number | null;
  mask?: boolean;
  turned?: boolean;
  /** How far the nose tip is seen beside the middle, metres at the face. */
  noseM?: number;
}>;

const FACE_WIDTH_M = 0.15;
const ROOM_C = 22;
const NO_LOSS = { facePx: 6, lossC: 0, glasses: 0, glassesSpread: 0, spreadC: 0 };
const camera = pinholeOptics(640, 480, 62.2);
const thermal = thermalOptics('BAB');
const mount = mountOf(configSchema.parse({}));

/** Parameters as the default configuration makes them; faces here are even, so there is no spot to lose. */
export function someParams(overrides: Partial<GateParams> = {}): GateParams {
  const defaults = gateParamsOf(configSchema.parse({}));
  return {
    ...defaults,
    thermometry: {
      spotSize: { worn: [NO_LOSS], 'not-worn': [NO_LOSS] },
      systematicUncertaintyC: 0.1,
      sampleNoiseC: 0,
      offsetC: 0,
    },
    ...overrides,
  };
}

/** The detector's answer for a person. */
export function faceOf({ x, distanceM, mask, turned, noseM }: Person): SeenFace {
  const at = (dx: number, dy: number) => camera.project({ x: x + dx, y: dy, z: distanceM });
  const corner = at(-FACE_WIDTH_M / 2, -FACE_WIDTH_M / 2);
  const opposite = at(FACE_WIDTH_M / 2, FACE_WIDTH_M / 2);
  return {
    box: { ...corner, width: opposite.x - corner.x, height: opposite.y - corner.y },
    score: 0.9,
    keyPoints: [at(-0.032, -0.02), at(0.032, -0.02), at(turned ? 0.05 : (noseM ?? 0), 0.02)],
    maskProbability: mask ? 0.95 : 0.05,
  };
}

/** The thermal picture of some people: evenly warm faces before an even wall. */
export function thermogramOf(
  people: readonly Person[],
  atMs: number,
  settled = true,
  roomC = ROOM_C,
): Thermogram {
  const toC = new Float32Array(768).fill(roomC);
  for (const { x, distanceM, faceC } of people) {
    if (faceC === null) continue;
    const corner = thermal.project(toThermalAxes({ x: x - 0.1, y: -0.14, z: distanceM }, mount));
    const opposite = thermal.project(toThermalAxes({ x: x + 0.1, y: 0.14, z: distanceM }, mount));
    for (let row = Math.max(0, Math.round(corner.y)); row < Math.min(24, opposite.y); row++) {
      for (let column = Math.max(0, Math.round(corner.x)); column < Math.min(32, opposite.x); column++) {
        toC[row * 32 + column] = faceC;
      }
    }
  }
  const subpage = Math.round(atMs / 125) % 2 === 0 ? 0 : 1;
  return {
    atMs,
    subpage,
    mirrored: true,
    toC,
    interpolated: new Uint8Array(768),
    taC: 30,
    vddV: 3.3,
    settled,
  };
}

/** Everything the gate did, with when. */
export type Done = Readonly<{ atMs: number; effect: GateEffect }>;

/** A gate at a door whose sensors see the people given, 8 times a second. */
export function gateAtDoor(params: GateParams = someParams()) {
  let state: GateState = initialState(1);
  const done: Done[] = [];
  const send = (event: GateEvent): void => {
    const transition = step(state, event, params);
    state = transition.state;
    for (const effect of transition.effects) done.push({ atMs: state.nowMs, effect });
  };
  let nowMs = 0;
  return {
    send,
    done,
    get state() {
      return state;
    },
    get nowMs() {
      return nowMs;
    },
    signals: () => done.flatMap(({ effect }) => (effect.kind === 'signal' ? [effect.signal] : [])),
    visits: () => done.flatMap(({ effect }) => (effect.kind === 'visit' ? [effect.visit] : [])),
    /** Lets `forMs` pass with these people in view. */
    show(people: readonly Person[], forMs: number, options: { settled?: boolean; faces?: boolean } = {}) {
      for (const endMs = nowMs + forMs; nowMs < endMs; ) {
        nowMs += 125;
        const thermogram = thermogramOf(people, nowMs, options.settled ?? true);
        send({ kind: 'thermogram', atMs: nowMs, thermogram });
        if (options.faces ?? true) send({ kind: 'faces', atMs: nowMs + 40, faces: people.map(faceOf) });
        send({ kind: 'tick', atMs: nowMs + 60 });
      }
    },
    /** Lets time pass with the sensors silent. */
    silence(forMs: number) {
      for (const endMs = nowMs + forMs; nowMs < endMs; ) {
        nowMs += 250;
        send({ kind: 'tick', atMs: nowMs });
      }
    },
  };
}
