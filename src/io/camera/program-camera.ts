import type { CameraFrame } from '../../domain/camera-frame.ts';
import { type Camera, CameraError } from '../../ports/camera.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { CameraProgram } from './camera-program.ts';
import { FrameCutter } from './frame-cutter.ts';
import { type DatedPicture, FrameDater } from './frame-dater.ts';
import { NewestFrame } from './newest-frame.ts';
import { runProgram } from './run-program.ts';
import { openSideChannel, type SideChannel } from './side-channel.ts';
import { Watchdog } from './watchdog.ts';

/** What every camera read by a program needs. */
export type ProgramCameraOptions = Readonly<{
  /** Even, pixels. */
  width: number;
  /** Even, pixels. */
  height: number;
  frameRateHz: number;
  clock: Pick<Clock, 'nowMs'>;
  log: Log;
  /** How long the first frame may take, ms; 8 s if not said. */
  firstFrameMs?: number;
  /** How long it may then be silent, ms; the longer of 2 s and 5 frames if not said. */
  silentMs?: number;
}>;

/** Reads time stamps, one a frame, from what the program writes to file descriptor 3. */
export type StampReader = (stamped: (sensorNs: number | null) => void) => (chunk: Buffer) => void;

const FIRST_FRAME_MS = 8000;
const SILENT_MS = 2000;
const SILENT_FRAMES = 5;

/**
 * A camera read by a child process, which runs from the start on, so that the newest frame is there when it is asked for.
 * After a failure it is started anew by the next capture; there is never more than one process.
 */
export class ProgramCamera implements Camera {
  readonly width: number;
  readonly height: number;
  readonly #program: CameraProgram;
  readonly #options: ProgramCameraOptions;
  readonly #stampReader: StampReader | null;
  readonly #newest = new NewestFrame();
  readonly #closing = new AbortController();
  #running: Promise<void> | null = null;

  constructor(program: CameraProgram, options: ProgramCameraOptions, stampReader: StampReader | null = null) {
    this.width = options.width;
    this.height = options.height;
    this.#program = program;
    this.#options = options;
    this.#stampReader = stampReader;
    this.#start();
  }

  capture(signal?: AbortSignal): Promise<CameraFrame> {
    if (this.#closing.signal.aborted) return Promise.reject(closed());
    const frame = this.#newest.take(signal);
    this.#start();
    return frame;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#newest.fail(closed());
    await this.#running;
  }

  #start(): void {
    if (this.#running !== null || this.#closing.signal.aborted) return;
    this.#running = this.#run().then(() => {
      this.#running = null;
      // Asked again while the last process was still ending.
      if (this.#newest.wanted) this.#start();
    });
  }

  /** One process, from its start until it is gone. */
  async #run(): Promise<void> {
    const { width, height, clock } = this.#options;
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#closing.signal]);
    const watchdog = new Watchdog((silentMs) => {
      this.#fail(silence(this.#program.executable, silentMs));
      stop.abort();
    });
    const cutter = new FrameCutter((width * height * 3) / 2, (picture) => {
      watchdog.expect(this.#silentMs);
      dater.picture(picture);
    });
    const dater = new FrameDater(clock, (picture) => {
      if (!signal.aborted) this.#put(picture, cutter);
    });
    const side = await this.#openSideChannel((sensorNs) => dater.stamp(sensorNs));
    watchdog.expect(this.#options.firstFrameMs ?? FIRST_FRAME_MS);
    try {
      if (!signal.aborted)
        await runProgram(this.#program, signal, (chunk) => cutter.push(chunk), side?.fd ?? null);
    } catch (error) {
      if (!signal.aborted) this.#fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      watchdog.stop();
      dater.stop();
      side?.close();
    }
  }

  get #silentMs(): number {
    const { silentMs, frameRateHz } = this.#options;
    return silentMs ?? Math.max(SILENT_MS, (SILENT_FRAMES * 1000) / frameRateHz);
  }

  #put({ data, atMs }: DatedPicture, cutter: FrameCutter): void {
    const unseen = this.#newest.put({ atMs, width: this.width, height: this.height, data });
    if (unseen !== null) cutter.reuse(unseen.data);
  }

  /** Who waits is told; if nobody does, the next capture tries again. */
  #fail(error: Error): void {
    if (!this.#newest.wanted) this.#options.log.warn({ error: error.message }, 'the camera failed');
    this.#newest.fail(error);
  }

  async #openSideChannel(stamped: (sensorNs: number | null) => void): Promise<SideChannel | null> {
    if (this.#stampReader === null) return null;
    try {
      return await openSideChannel(this.#stampReader(stamped));
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, 'no time stamps from the camera');
      return null;
    }
  }
}

function silence(executable: string, silentMs: number): CameraError {
  return new CameraError('camera-silent', `${executable} gave no frame for ${silentMs / 1000} s`);
}

function closed(): CameraError {
  return new CameraError('closed', 'the camera is closed');
}
