import type { CameraFrame } from '../domain/camera-frame.ts';
import type { SeenFace } from '../domain/face.ts';

/** Finds faces and judges masks. The frame's bytes must not change until the promise settles. */
export interface FaceFinder {
  /** @param judgeMasks false leaves every mask unjudged, which costs a third less */
  find(frame: CameraFrame, judgeMasks: boolean): Promise<readonly SeenFace[]>;
  close(): Promise<void>;
}
