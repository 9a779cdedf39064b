import type { CameraFrame } from '../domain/camera-frame.ts';

/** A camera that hands out its newest frame. Frames nobody asked for are dropped, never queued. */
export interface Camera {
  readonly width: number;
  readonly height: number;
  /**
   * The newest frame not handed out before; waits for one if there is none. The frame's bytes belong to the caller, who wipes them
   * after use.
   * Rejects with {@link CameraError}, or with the signal's reason when aborted. After an error the next call starts the
   * camera anew.
   */
  capture(signal?: AbortSignal): Promise<CameraFrame>;
  /** Stops the camera; what is pending rejects. Resolves once nothing of it runs any more. */
  close(): Promise<void>;
}

/** What is wrong with a camera, by kind. */
export type CameraErrorCode =
  /** The program that reads the camera is not installed. */
  | 'tool-missing'
  /** No camera there, or not the one asked for. */
  | 'camera-missing'
  /** Another program holds the camera. */
  | 'camera-busy'
  /** The user may not open the camera. */
  | 'camera-denied'
  /** It stopped by itself. */
  | 'camera-stopped'
  /** It runs, but no frame came for too long. */
  | 'camera-silent'
  /** Pictures that stand in for a camera cannot be read. */
  | 'pictures'
  /** Asked after close(). */
  | 'closed';

/** The camera gives no frame. The message says what can be done about it, where something can. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
  readonly code: CameraErrorCode;
  constructor(code: CameraErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
