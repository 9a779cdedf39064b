import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { SeenFace } from '../../domain/face.ts';
import type { Backend } from './tensorflow.ts';
import type { VisionErrorCode } from './vision-error.ts';

/** To the worker: judge this frame. Answered in the order asked. */
export type WorkerRequest = Readonly<{ id: number; frame: CameraFrame; judgeMasks: boolean }>;

/** From the worker: first one `ready` or `failed-to-start`, then one answer a request. */
export type WorkerReply =
  | Readonly<{ kind: 'ready'; backend: Backend }>
  | Readonly<{ kind: 'failed-to-start'; code: VisionErrorCode; message: string }>
  | Readonly<{ kind: 'faces'; id: number; faces: readonly SeenFace[] }>
  | Readonly<{ kind: 'failed'; id: number; code: VisionErrorCode; message: string }>;
