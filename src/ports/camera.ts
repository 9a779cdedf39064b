import type { CameraFrame } from '../domain/camera-frame.ts';

/** A camera that hands out its newest frame. Frames nobody asked for are dropped, never queued. */
export interface Camera {
  readonly width: number;
  readonly height: number;
  /** The newest frame not handed out before; waits for one if there is none. Rejects with CameraError. */
  capture(signal?: AbortSignal): Promise<CameraFrame>;
  close(): Promise<void>;
}
