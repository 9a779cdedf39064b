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
const LEAST_SCORE = 0.04;
const MOST_CANDIDATES = 4;
const CANDIDATE_SCORE = 0.1;
/** A candidate overlapping the face by so much is that face; by less than the second it is none. */
const IS_FACE = 0.4;
const IS_NONE = 0.12;
/** A candidate away from the face with such a score may be another person: it teaches nothing. */
const PERHAPS_ANOTHER = 0.5;
/** Looks at a photo that must agree on its face, and what their scores must come to: else its box may be wrong. */
const AGREEING_LOOKS = 2;
const LEAST_EVIDENCE = 0.7;
const SAME_BOX = 0.45;
const RELIT_SHARE = 0.4;

const WHOLE: Rect = { x: 0, y: 0, width: 640, height: 480 };
const SQUARE: Rect = { x: 80, y: 0, width: 480, height: 480 };
/** How the gate looks at a frame, both ways. */
const GATE_LOOKS: readonly Look[] = [
  [SQUARE, 128],
  [SQUARE, 256],
];
/** How pictures of any kind are looked at; at some frames. */
const WHOLE_LOOK: Look = [WHOLE, 160];
const WHOLE_SHARE = 0.2;
/** Margins around a photo, in its longer sides, with which its face is looked for. */
const MARGINS = [1, 1.25, 1.6, 2.2];
const SURVEY_SIZE: InputSize = 128;

type Look = readonly [Rect, InputSize];
/** One box that several looks saw. */
type Evidence = { box: Rect; best: number; sum: number; looks: number };

/**
 * The face of a photo: what several looks, with more and more room around it, agree on, even if none of them is sure; null where they
 * do not. A photo that the detector finds hard teaches more than one that it finds easy.
 */
export function agreedFace(network: FaceNetwork, photo: CameraFrame): Rect | null {
  const side = Math.max(photo.width, photo.height);
  const seen: Evidence[] = [];
  for (const margin of MARGINS) {
    const [x, y] = [(photo.width - side * margin) / 2, (photo.height - side * margin) / 2];
    const window = { x, y, width: side * margin, height: side * margin };
    for (const face of network.detect(photo, window, SURVEY_SIZE, CANDIDATE_SCORE)) addEvidence(seen, face);
  }
  const agreed = seen.filter(({ looks, sum }) => looks >= AGREEING_LOOKS && sum >= LEAST_EVIDENCE);
  const [largest] = agreed.toSorted((a, b) => b.box.height * b.sum - a.box.height * a.sum);
  return largest?.box ?? null;
}

function addEvidence(seen: Evidence[], { box, score }: Face): void {
  const same = seen.find((one) => intersectionOverUnion(one.box, box) > SAME_BOX);
  if (same === undefined) {
    seen.push({ box, best: score, sum: score, looks: 1 });
    return;
  }
  if (score > same.best) Object.assign(same, { box, best: score });
  same.sum += score;
  same.looks++;
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

/** Candidates of the looks at a frame, each with whether it is the frame's face (null: there is none). */
export function frameSamples(
  network: FaceNetwork,
  frame: CameraFrame,
  face: Rect | null,
  random: Random,
): readonly Sample[] {
  const lit = random.uniform() < RELIT_SHARE ? relight(frame, random) : frame;
  const looks = random.uniform() < WHOLE_SHARE ? [...GATE_LOOKS, WHOLE_LOOK] : GATE_LOOKS;
  return looks.flatMap(([window, inputSize]) =>
    network
      .detect(lit, window, inputSize, LEAST_SCORE)
      .slice(0, MOST_CANDIDATES)
      .flatMap((candidate) => candidateSamples(network, lit, candidate, face, random)),
  );
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
  const isFace = overlap >= IS_FACE;
  if (face !== null && !isFace && candidate.score > PERHAPS_ANOTHER) return [];
  const plain = { features: checkInput(network.features(frame, candidate), candidate.score), truth: isFace };
  if (!isFace) return [plain];
  const change = {
    shiftX: 0.03 * random.normal(),
    shiftY: 0.03 * random.normal(),
    scale: Math.exp(0.07 * random.normal()),
    turnRad: 0.08 * random.normal(),
  };
  return [
    plain,
    { features: checkInput(network.features(frame, candidate, change), candidate.score), truth: isFace },
  ];
}
