import { type Staging, stageBackground, stagePhoto } from '../camera/staged-photo.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Face } from '../domain/face.ts';
import { intersectionOverUnion, type Rect } from '../domain/geometry.ts';
import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import type { InputSize } from '../vision/anchors.ts';
import { checkInput } from '../vision/face-check.ts';
import type { Sample } from './fit-head.ts';
import { relight } from './staging/relight.ts';

/** Candidates under this score are never checked by the gate. */
const LEAST_SCORE = 0.06;
const MOST_CANDIDATES = 4;
/** A candidate overlapping the face by so much is that face; by less than the second it is none. */
const IS_FACE = 0.4;
const IS_NONE = 0.12;
/** A candidate away from the face with such a score may be another person: it teaches nothing. */
const PERHAPS_ANOTHER = 0.5;
/** Where the detector is less sure of a photo's face at every size, its box may be wrong: the photo teaches nothing. */
const SURE = 0.6;
const RELIT_SHARE = 0.4;

const WHOLE: Rect = { x: 0, y: 0, width: 640, height: 480 };
const SQUARE: Rect = { x: 80, y: 0, width: 480, height: 480 };
/** How a frame may be looked at, the gate's own ways most often. */
const LOOKS: readonly (readonly [Rect, InputSize])[] = [
  [SQUARE, 128],
  [SQUARE, 128],
  [SQUARE, 128],
  [SQUARE, 256],
  [WHOLE, 160],
];

/** The face of a photo, looked for at several sizes; null where the detector is not sure of any. */
export function sureFace(network: FaceNetwork, photo: CameraFrame): Rect | null {
  const side = Math.max(photo.width, photo.height);
  const faces = [1.2, 2].flatMap((margin) => {
    const [x, y] = [(photo.width - side * margin) / 2, (photo.height - side * margin) / 2];
    return network.detect(photo, { x, y, width: side * margin, height: side * margin }, 160, SURE);
  });
  const best = faces.toSorted((a, b) => b.box.height * b.score - a.box.height * a.score)[0];
  return best?.box ?? null;
}

/** The candidates of a staged photo. */
export function photoSamples(
  network: FaceNetwork,
  photo: CameraFrame,
  face: Rect,
  random: Random,
): readonly Sample[] {
  const staging: Staging = {
    faceHeightPx: 85 + 215 * random.uniform(),
    right: random.uniform(),
    down: random.uniform(),
    surround: Math.floor(255 * random.uniform()),
  };
  const staged = stagePhoto(photo, face, staging);
  return frameSamples(network, staged.frame, staged.face, random);
}

/** The candidates of a part of a picture without faces. */
export function backgroundSamples(
  network: FaceNetwork,
  picture: CameraFrame,
  random: Random,
): readonly Sample[] {
  const part = { zoom: 4 ** random.uniform(), right: random.uniform(), down: random.uniform() };
  return frameSamples(network, stageBackground(picture, part), null, random);
}

/** Candidates of one look at a frame, each with whether it is the frame's face (null: there is none). */
export function frameSamples(
  network: FaceNetwork,
  frame: CameraFrame,
  face: Rect | null,
  random: Random,
): readonly Sample[] {
  const lit = random.uniform() < RELIT_SHARE ? relight(frame, random) : frame;
  const [window, inputSize] = LOOKS[Math.floor(LOOKS.length * random.uniform())] ?? [SQUARE, 128];
  const candidates = network.detect(lit, window, inputSize, LEAST_SCORE).slice(0, MOST_CANDIDATES);
  return candidates.flatMap((candidate) => candidateSamples(network, lit, candidate, face, random));
}

function candidateSamples(
  network: FaceNetwork,
  frame: CameraFrame,
  candidate: Face,
  face: Rect | null,
  random: Random,
): Sample[] {
  const overlap = face === null ? 0 : intersectionOverUnion(candidate.box, face);
  if (overlap > IS_NONE && overlap < IS_FACE) return [];
  const worn = overlap >= IS_FACE;
  if (face !== null && !worn && candidate.score > PERHAPS_ANOTHER) return [];
  const plain = { features: checkInput(network.features(frame, candidate), candidate.score), worn };
  if (!worn) return [plain];
  const change = {
    shiftX: 0.03 * random.normal(),
    shiftY: 0.03 * random.normal(),
    scale: Math.exp(0.07 * random.normal()),
    turnRad: 0.08 * random.normal(),
  };
  return [plain, { features: checkInput(network.features(frame, candidate, change), candidate.score), worn }];
}
