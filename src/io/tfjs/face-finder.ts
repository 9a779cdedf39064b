import { centreSquare } from '../../camera/letterbox.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { Face, SeenFace } from '../../domain/face.ts';
import type { Rect } from '../../domain/geometry.ts';
import type { InputSize } from '../../vision/anchors.ts';
import { faceProbability } from '../../vision/face-check.ts';
import { BACKBONE_NUMBERS, type CropChange, UNCHANGED } from '../../vision/face-crop.ts';
import { type MaskHead, maskProbability } from '../../vision/mask-head.ts';
import { meanProbability } from '../../vision/mean-probability.ts';
import { mergeOverlapping } from '../../vision/merge-overlapping.ts';
import { FaceNetwork, FEATURE_LENGTH } from './face-network.ts';
import { readFaceCheck, readMaskHead } from './model-files.ts';
import { type Backend, type BackendChoice, openBackend } from './tensorflow.ts';
import { VisionError } from './vision-error.ts';

/** How faces are looked for. Every field may be left out. */
export type FaceFinderOptions = Readonly<{
  /** Longer side of the network's input at the first look, pixels: smaller is faster. Default 128. */
  inputSize?: InputSize;
  /** Least probability of a face, 0..1. Default 0.6 in the centre square, 0.5 in whole pictures. */
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
/** Probability from which a face is taken at the first glance; from below it, it is looked at again. */
const SURE = 0.95;
/** Probability at the first glance under which looking again does not help. */
const HOPELESS = 0.2;
/** How a candidate is cropped anew where the first crop leaves it unsure: a little wider, and as in a mirror. */
const OTHER_CROPS: readonly CropChange[] = [
  { ...UNCHANGED, scale: 1.13 },
  { ...UNCHANGED, mirrored: true },
];
/** Input side of the second look, where the first is not sure of any face. */
const SECOND_INPUT_SIZE = 192;
/** Least probability at the second look: it sees more of everything, faces and what is like them. */
const SECOND_LOOK_THRESHOLD = 0.85;
const DEFAULT_THRESHOLD = { 'centre-square': 0.6, whole: 0.5 } as const;
/** Whole pictures are looked at a second time with a margin, its window so many times the picture: some faces fill theirs. */
const WHOLE_MARGIN = 1.8;
/** Input side of that look, at most: what it is for is large. */
const MARGIN_INPUT_SIZE = 160;

type Heads = Readonly<{ check: MaskHead; mask: MaskHead }>;
/** A candidate and what a crop of it says: features for the heads, and the probability of a face. */
type Glimpse = Readonly<{ candidate: Face; features: Float32Array; probability: number }>;
/** All crops of one candidate, the plain one first. */
type Crops = readonly [Glimpse, ...Glimpse[]];

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
    const roi = options.roi ?? 'centre-square';
    this.#options = { inputSize: 128, threshold: DEFAULT_THRESHOLD[roi], ...options, roi };
  }

  /** Opens the backend and reads the models. Rejects with VisionError. */
  static async open(options: FaceFinderOptions = {}): Promise<LocalFaceFinder> {
    const heads = { check: await readFaceCheck(), mask: await readMaskHead() };
    requireInputs('face check', heads.check, BACKBONE_NUMBERS + 1);
    requireInputs('mask head', heads.mask, FEATURE_LENGTH);
    const backend = await openBackend(options.backend ?? 'auto');
    return new LocalFaceFinder(backend, await FaceNetwork.load(), heads, options);
  }

  /** Faces of one frame, the likeliest first; `score` is the probability that it is one. */
  find(frame: CameraFrame, judgeMasks: boolean): readonly SeenFace[] {
    if (this.#options.roi === 'whole') return this.#lookThoroughly(frame, judgeMasks);
    const { inputSize, threshold } = this.#options;
    const square = centreSquare(frame.width, frame.height);
    const first = this.#glimpses(frame, this.#candidates(frame, square, inputSize), SURE);
    const sure = first.filter(({ probability }) => probability >= SURE);
    if (sure.length > 0) return likeliestFirst(sure.map((one) => this.#face([one], judgeMasks)));
    if (inputSize < SECOND_INPUT_SIZE) {
      const least = Math.max(threshold, SECOND_LOOK_THRESHOLD);
      const second = this.#glimpses(frame, this.#candidates(frame, square, SECOND_INPUT_SIZE), least);
      const found = this.#lookedAtAgain(frame, second, least, judgeMasks);
      if (found.length > 0) return found;
    }
    return this.#lookedAtAgain(frame, first, threshold, judgeMasks);
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
    const { threshold } = this.#options;
    const glimpses = this.#glimpses(frame, mergeOverlapping(candidates), threshold);
    const taken = glimpses.filter(({ probability }) => probability >= threshold);
    return likeliestFirst(taken.map((one) => this.#face([one], judgeMasks)));
  }

  #candidates(frame: CameraFrame, window: Rect, inputSize: InputSize): readonly Face[] {
    return this.#network.detect(frame, window, inputSize, CANDIDATE_SCORE);
  }

  /** The candidates' plain crops; once one is a face, by `faceFrom`, weak ones are not looked at any more. */
  #glimpses(frame: CameraFrame, candidates: readonly Face[], faceFrom: number): readonly Glimpse[] {
    const glimpses: Glimpse[] = [];
    for (const candidate of candidates.slice(0, MOST_CANDIDATES[this.#options.roi])) {
      const face = glimpses.some(({ probability }) => probability >= faceFrom);
      if (face && candidate.score < SECOND_FACE_SCORE) break;
      glimpses.push(this.#glimpse(frame, candidate));
    }
    return glimpses;
  }

  #glimpse(frame: CameraFrame, candidate: Face, change?: CropChange): Glimpse {
    const features = this.#network.features(frame, candidate, change);
    const probability = faceProbability(this.#heads.check, features, candidate.score);
    return { candidate, features, probability };
  }

  /** Those that are faces by all their crops together; a face that is sure already needs no others. */
  #lookedAtAgain(
    frame: CameraFrame,
    glimpses: readonly Glimpse[],
    threshold: number,
    judgeMasks: boolean,
  ): readonly SeenFace[] {
    const faces: SeenFace[] = [];
    for (const plain of glimpses) {
      if (plain.candidate.score < SECOND_FACE_SCORE && faces.length > 0) break;
      if (plain.probability < HOPELESS) continue;
      const others = plain.probability >= SURE ? [] : OTHER_CROPS;
      const again = others.map((change) => this.#glimpse(frame, plain.candidate, change));
      const crops: Crops = [plain, ...again];
      // Masks are judged on faces only.
      if (scoreOf(crops) >= threshold) faces.push(this.#face(crops, judgeMasks));
    }
    return likeliestFirst(faces);
  }

  #face(crops: Crops, judgeMasks: boolean): SeenFace {
    const { mask } = this.#heads;
    return {
      ...crops[0].candidate,
      score: scoreOf(crops),
      maskProbability: judgeMasks
        ? meanProbability(crops.map(({ features }) => maskProbability(mask, features)))
        : null,
    };
  }
}

function scoreOf(crops: Crops): number {
  return meanProbability(crops.map(({ probability }) => probability));
}

function likeliestFirst(faces: readonly SeenFace[]): readonly SeenFace[] {
  return faces.toSorted((a, b) => b.score - a.score);
}

function requireInputs(name: string, head: MaskHead, inputs: number): void {
  if (head.inputs === inputs) return;
  throw new VisionError('model', `the ${name} takes ${head.inputs} numbers, not ${inputs}: train it again`);
}
