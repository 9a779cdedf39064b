import type { Vector3 } from '../../domain/optics.ts';
import type { Signal } from '../../domain/signal.ts';

/** A stretch of the way, from one moment on, straight and even. */
type Stretch = Readonly<{ fromMs: number; from: Vector3; speed: Vector3 }>;

const STEP_SPEED_M_S = 0.3;
/** From hearing or seeing a signal to heeding it, ms. */
const REACTION_MS = 300;
const SWAY_M = 0.002;
const NEAREST_M = 0.42;
const FARTHEST_M = 1.15;
const ASIDE_M = 0.45;
const FIRST: Vector3 = { x: 0.02, y: 0.03, z: 0.75 };

/** Somebody who walks before the gate as its light and sound ask. Places in the camera's axes, metres. */
export class LedWalker {
  readonly #way: Stretch[] = [{ fromMs: 0, from: FIRST, speed: { x: 0, y: 0, z: 0 } }];

  /** The gate asks for something else from `atMs` on. */
  heed(signal: Signal, atMs: number): void {
    const fromMs = atMs + REACTION_MS;
    this.#way.push({ fromMs, from: this.#standsAt(fromMs), speed: this.#speedFor(signal, fromMs) });
  }

  /** Centre of the face. */
  placeAt(atMs: number): Vector3 {
    const seconds = atMs / 1000;
    const { x, y, z } = this.#standsAt(atMs);
    return {
      x: x + SWAY_M * Math.sin(2 * Math.PI * 0.43 * seconds),
      y: y + SWAY_M * 0.5 * Math.sin(2 * Math.PI * 0.31 * seconds),
      z: z + SWAY_M * Math.sin(2 * Math.PI * 0.27 * seconds),
    };
  }

  #standsAt(atMs: number): Vector3 {
    const stretch = this.#way.findLast(({ fromMs }) => fromMs <= atMs);
    if (stretch === undefined) return FIRST;
    const seconds = (atMs - stretch.fromMs) / 1000;
    const { from, speed } = stretch;
    return {
      x: Math.max(-ASIDE_M, Math.min(ASIDE_M, from.x + speed.x * seconds)),
      y: from.y,
      z: Math.max(NEAREST_M, Math.min(FARTHEST_M, from.z + speed.z * seconds)),
    };
  }

  /** The visitor's left is on the camera's right: they face each other. */
  #speedFor(signal: Signal, atMs: number): Vector3 {
    const still: Vector3 = { x: 0, y: 0, z: 0 };
    switch (signal) {
      case 'come-closer':
        return { ...still, z: -STEP_SPEED_M_S };
      case 'step-back':
        return { ...still, z: STEP_SPEED_M_S };
      case 'step-left':
        return { ...still, x: STEP_SPEED_M_S / 2 };
      case 'step-right':
        return { ...still, x: -STEP_SPEED_M_S / 2 };
      case 'look-here': {
        // Out of view: back to the middle, a second's walk away.
        const { x, z } = this.#standsAt(atMs);
        return { x: FIRST.x - x, y: 0, z: FIRST.z - z };
      }
      default:
        return still;
    }
  }
}
