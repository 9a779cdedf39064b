import type { CameraFrame } from '../domain/camera-frame.ts';
import type { SeenFace } from '../domain/face.ts';

/** Finds faces and judges masks. The frame's bytes must not change until the promise settles. */
export interface FaceFinder {
  find(frame: CameraFrame): Promise<readonly SeenFace[]>;
  close(): Promise<void>;
}
