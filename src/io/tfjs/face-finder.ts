import { centreSquare } from '../../camera/letterbox.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { SeenFace } from '../../domain/face.ts';
import type { InputSize } from '../../vision/anchors.ts';
import { type MaskHead, maskProbability } from '../../vision/mask-head.ts';
import { FaceNetwork, FEATURE_LENGTH } from './face-network.ts';
import { readMaskHead } from './model-files.ts';
import { type Backend, type BackendChoice, openBackend } from './tensorflow.ts';
import { VisionError } from './vision-error.ts';

/** How faces are looked for. Every field may be left out. */
export type FaceFinderOptions = Readonly<{
  /** Side of the network's input, pixels: smaller is faster, larger sees smaller faces. Default 160. */
  inputSize?: InputSize;
  /** Least detector score of a face, 0..1. Default 0.5. */
  threshold?: number;
  /** Part of the frame looked at. Default `centre-square`: the square of the shorter side. */
  roi?: 'centre-square' | 'whole';
  /** Default `auto`. */
  backend?: BackendChoice;
}>;

/** Faces beyond this many in one frame get no place in the answer: a gate deals with one person. */
const MOST_FACES = 12;

/** Finds faces and judges masks on this thread. One per thread: backends are global in tfjs. */
export class LocalFaceFinder {
  readonly backend: Backend;
  readonly #network: FaceNetwork;
  readonly #head: MaskHead;
  readonly #options: Required<Omit<FaceFinderOptions, 'backend'>>;

  private constructor(backend: Backend, network: FaceNetwork, head: MaskHead, options: FaceFinderOptions) {
    this.backend = backend;
    this.#network = network;
    this.#head = head;
    this.#options = { inputSize: 160, threshold: 0.5, roi: 'centre-square', ...options };
  }

  /** Opens the backend and reads the models. Rejects with VisionError. */
  static async open(options: FaceFinderOptions = {}): Promise<LocalFaceFinder> {
    const head = await readMaskHead();
    if (head.inputs !== FEATURE_LENGTH) {
      throw new VisionError(
        'model',
        `the mask head takes ${head.inputs} features, not ${FEATURE_LENGTH}: train it again`,
      );
    }
    const backend = await openBackend(options.backend ?? 'auto');
    return new LocalFaceFinder(backend, await FaceNetwork.load(), head, options);
  }

  /** Faces of one frame, best first. */
  find(frame: CameraFrame, judgeMasks: boolean): readonly SeenFace[] {
    const { inputSize, threshold, roi } = this.#options;
    const window =
      roi === 'whole'
        ? { x: 0, y: 0, width: frame.width, height: frame.height }
        : centreSquare(frame.width, frame.height);
    return this.#network
      .detect(frame, window, inputSize, threshold)
      .slice(0, MOST_FACES)
      .map((face) => ({
        ...face,
        maskProbability: judgeMasks ? maskProbability(this.#head, this.#network.features(frame, face)) : null,
      }));
  }

  dispose(): void {
    this.#network.dispose();
  }
}
