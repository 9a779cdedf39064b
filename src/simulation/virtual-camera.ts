import type { CameraFrame } from '../domain/camera-frame.ts';
import { type Optics, pinholeOptics } from '../domain/optics.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import { seededRandom } from './random.ts';
import { backdropI420 } from './scene/backdrop.ts';
import { composite } from './scene/composite.ts';
import type { Scene } from './scene/scene.ts';

export type VirtualCameraOptions = Readonly<{
  clock: Pick<Clock, 'nowMs' | 'sleep'>;
  scene: Pick<Scene, 'visibleAt' | 'backdrop'>;
  /** Even, pixels. */
  width: number;
  /** Even, pixels. */
  height: number;
  horizontalFovDeg: number;
  frameRateHz: number;
  seed: number;
}>;

/** Standard deviation of the luma noise, of 255. */
const NOISE_SD = 1.6;
const NOISE_LENGTH = 1 << 16;
/** An instant reached but for rounding counts as reached, frames. */
const ROUNDING = 1e-6;

/** A camera before a scene. A frame exists only once it is asked for; its look depends on its number alone. */
export class VirtualCamera implements Camera {
  readonly width: number;
  readonly height: number;
  readonly #options: VirtualCameraOptions;
  readonly #optics: Optics;
  /** Pixels per metre at one metre. */
  readonly #focalPx: number;
  readonly #background: Uint8Array;
  readonly #noise: Int8Array;
  #lastFrame = -1;
  readonly #closed = new AbortController();

  constructor(options: VirtualCameraOptions) {
    const { width, height, horizontalFovDeg, seed } = options;
    this.#options = options;
    this.width = width;
    this.height = height;
    this.#optics = pinholeOptics(width, height, horizontalFovDeg);
    this.#focalPx = this.#optics.project({ x: 1, y: 0, z: 1 }).x - width / 2;
    this.#background = backdropI420(options.scene.backdrop, width, height);
    const random = seededRandom(seed);
    this.#noise = Int8Array.from({ length: NOISE_LENGTH + width }, () =>
      Math.round(NOISE_SD * random.normal()),
    );
  }

  /** The newest frame not handed out before, exposed at its own instant; sleeps until there is one. */
  async capture(signal?: AbortSignal): Promise<CameraFrame> {
    const { clock, frameRateHz } = this.#options;
    const periodMs = 1000 / frameRateHz;
    const next = this.#lastFrame + 1;
    const abort = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    abort.throwIfAborted();
    const waitMs = next * periodMs - clock.nowMs();
    if (waitMs > 0) await clock.sleep(waitMs, abort);
    const frame = Math.max(next, Math.floor(clock.nowMs() / periodMs + ROUNDING));
    this.#lastFrame = frame;
    return this.#render(frame, frame * periodMs);
  }

  close(): Promise<void> {
    this.#closed.abort(new Error('the camera is closed'));
    return Promise.resolve();
  }

  #render(frame: number, atMs: number): CameraFrame {
    const { width, height } = this;
    const data = this.#background.slice();
    const luma = width * height;
    const canvas = {
      width,
      height,
      y: data.subarray(0, luma),
      u: data.subarray(luma, luma * 1.25),
      v: data.subarray(luma * 1.25),
    };
    for (const { place, sprite } of this.#options.scene.visibleAt(atMs).toReversed()) {
      composite(canvas, sprite, this.#optics.project(place), this.#focalPx / place.z);
    }
    this.#addNoise(canvas.y, frame);
    return { atMs, width, height, data };
  }

  /** One table read from another place in every frame and row: cheap, and no two frames alike. */
  #addNoise(luma: Uint8Array, frame: number): void {
    const clamped = new Uint8ClampedArray(luma.buffer, luma.byteOffset, luma.length);
    const start = seededRandom(frame);
    for (let row = 0; row < this.height; row++) {
      const from = row * this.width;
      const shift = Math.floor(start.uniform() * NOISE_LENGTH) - from;
      for (let pixel = from; pixel < from + this.width; pixel++) {
        clamped[pixel] = (clamped[pixel] as number) + (this.#noise[pixel + shift] as number);
      }
    }
  }
}
