import { centreSquare } from '../../camera/letterbox.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { Face, SeenFace } from '../../domain/face.ts';
import type { Rect } from '../../domain/geometry.ts';
import type { InputSize } from '../../vision/anchors.ts';
import { faceProbability } from '../../vision/face-check.ts';
import { type MaskHead, maskProbability } from '../../vision/mask-head.ts';
import { mergeOverlapping } from '../../vision/merge-overlapping.ts';
import { FaceNetwork, FEATURE_LENGTH } from './face-network.ts';
import { readFaceCheck, readMaskHead } from './model-files.ts';
import { type Backend, type BackendChoice, openBackend } from './tensorflow.ts';
import { VisionError } from './vision-error.ts';

/** How faces are looked for. Every field may be left out. */
export type FaceFinderOptions = Readonly<{
  /** Longer side of the network's input at the first look, pixels: smaller is faster. Default 128. */
  inputSize?: InputSize;
  /** Least probability of a face, 0..1. Default 0.5. */
  threshold?: number;
  /**
   * Part of the frame looked at. `centre-square` (default): the square of the shorter side, as the gate does. `whole`:
   * all of it, and once more with a margin, for pictures of any kind.
   */
  roi?: 'centre-square' | 'whole';
  /** Default `auto`. */
  backend?: BackendChoice;
}>;

/** Detector score from which something is looked at closely. */
const CANDIDATE_SCORE = 0.1;
/** A candidate under this score is not looked at once a face is found: it would be a second one, and hardly is. */
const SECOND_FACE_SCORE = 0.3;
/** Candidates looked at closely in one frame, at most. */
const MOST_CANDIDATES = { 'centre-square': 4, whole: 10 } as const;
/** Input side of the second look, where the first finds nothing. */
const SECOND_INPUT_SIZE = 256;
/** Least probability at the second look: it sees more of everything, faces and what is like them. */
const SECOND_LOOK_THRESHOLD = 0.85;
/** Whole pictures are looked at a second time with a margin, its window so many times the picture: some faces fill theirs. */
const WHOLE_MARGIN = 1.8;
/** Input side of that look, at most: what it is for is large. */
const MARGIN_INPUT_SIZE = 160;

type Heads = Readonly<{ check: MaskHead; mask: MaskHead }>;

/**
 * Finds faces and judges masks on this thread. The detector proposes candidates, at a score so low that hardly a face is
 * missed; each is then looked at closely, and the face check decides. Nothing is remembered from frame to frame. One per
 * thread: backends are global in tfjs.
 */
export class LocalFaceFinder {
  readonly backend: Backend;
  readonly #network: FaceNetwork;
  readonly #heads: Heads;
  readonly #options: Required<Omit<FaceFinderOptions, 'backend'>>;

  private constructor(backend: Backend, network: FaceNetwork, heads: Heads, options: FaceFinderOptions) {
    this.backend = backend;
    this.#network = network;
    this.#heads = heads;
    this.#options = { inputSize: 128, threshold: 0.5, roi: 'centre-square', ...options };
  }

  /** Opens the backend and reads the models. Rejects with VisionError. */
  static async open(options: FaceFinderOptions = {}): Promise<LocalFaceFinder> {
    const heads = { check: await readFaceCheck(), mask: await readMaskHead() };
    requireInputs('face check', heads.check, FEATURE_LENGTH + 1);
    requireInputs('mask head', heads.mask, FEATURE_LENGTH);
    const backend = await openBackend(options.backend ?? 'auto');
    return new LocalFaceFinder(backend, await FaceNetwork.load(), heads, options);
  }

  /** Faces of one frame, the likeliest first; `score` is the probability that it is one. */
  find(frame: CameraFrame, judgeMasks: boolean): readonly SeenFace[] {
    if (this.#options.roi === 'whole') return this.#lookThoroughly(frame, judgeMasks);
    const { inputSize, threshold } = this.#options;
    const square = centreSquare(frame.width, frame.height);
    const faces = this.#checked(frame, this.#candidates(frame, square, inputSize), threshold, judgeMasks);
    if (faces.length > 0 || inputSize >= SECOND_INPUT_SIZE) return faces;
    const second = this.#candidates(frame, square, SECOND_INPUT_SIZE);
    return this.#checked(frame, second, Math.max(threshold, SECOND_LOOK_THRESHOLD), judgeMasks);
  }

  dispose(): void {
    this.#network.dispose();
  }

  #lookThoroughly(frame: CameraFrame, judgeMasks: boolean): readonly SeenFace[] {
    const { width, height } = frame;
    const { inputSize } = this.#options;
    const [right, down] = [(width * (WHOLE_MARGIN - 1)) / 2, (height * (WHOLE_MARGIN - 1)) / 2];
    const wide = { x: -right, y: -down, width: width + 2 * right, height: height + 2 * down };
    const candidates = [
      ...this.#candidates(frame, { x: 0, y: 0, width, height }, inputSize),
      ...this.#candidates(frame, wide, inputSize > MARGIN_INPUT_SIZE ? MARGIN_INPUT_SIZE : inputSize),
    ];
    return this.#checked(frame, mergeOverlapping(candidates), this.#options.threshold, judgeMasks);
  }

  #candidates(frame: CameraFrame, window: Rect, inputSize: InputSize): readonly Face[] {
    return this.#network.detect(frame, window, inputSize, CANDIDATE_SCORE);
  }

  /** The candidates that are faces. */
  #checked(
    frame: CameraFrame,
    candidates: readonly Face[],
    threshold: number,
    judgeMasks: boolean,
  ): readonly SeenFace[] {
    const faces: SeenFace[] = [];
    for (const candidate of candidates.slice(0, MOST_CANDIDATES[this.#options.roi])) {
      if (candidate.score < SECOND_FACE_SCORE && faces.length > 0) break;
      const features = this.#network.features(frame, candidate);
      const score = faceProbability(this.#heads.check, features, candidate.score);
      if (score < threshold) continue;
      const mask = judgeMasks ? maskProbability(this.#heads.mask, features) : null;
      faces.push({ ...candidate, score, maskProbability: mask });
    }
    return faces.toSorted((a, b) => b.score - a.score);
  }
}

function requireInputs(name: string, head: MaskHead, inputs: number): void {
  if (head.inputs === inputs) return;
  throw new VisionError('model', `the ${name} takes ${head.inputs} numbers, not ${inputs}: train it again`);
}
