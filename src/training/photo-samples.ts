import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Face } from '../domain/face.ts';
import { intersectionOverUnion, type Rect } from '../domain/geometry.ts';
import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import { INPUT_SIZES, type InputSize } from '../vision/anchors.ts';
import type { CropChange } from '../vision/face-crop.ts';
import type { Sample } from './fit-head.ts';
import { type Composition, compose } from './staging/compose.ts';
import { relight } from './staging/relight.ts';
import {
  narrower,
  photoPicture,
  plainStaging,
  randomStaging,
  type Staging,
  stagePicture,
} from './staging/stage-photo.ts';
import { isRoomy, type Margins, marginsOf, type PhotoPool, type SurveyedPhoto } from './surveyed-photo.ts';

const CROPS_PER_STAGING = 2;
/** Share of the shown photos in other light. */
const RELIT_SHARE = 0.5;
/** How often a roomy photo is shown as it is, so that the head knows hair, neck and shoulders. */
const ROOMY_SHARE = 0.7;
/** Overlap with the face's true box from which on what the detector found is that face. */
const SAME_FACE = 0.35;
/** Detector score from which the gate looks at something closely. */
export const CANDIDATE_SCORE = 0.1;

/**
 * Samples of one photo put before the camera once, at random: found by the detector as the gate would, then cropped
 * several times.
 */
export async function trainingSamples(
  network: FaceNetwork,
  photo: SurveyedPhoto,
  composition: Composition,
  pool: PhotoPool,
  random: Random,
): Promise<Sample[]> {
  const staging = randomStaging(shownMargins(photo, pool, random), random);
  const { frame, box, worn } = await composedFrame(photo, composition, staging, pool, random);
  const inputSize = INPUT_SIZES[Math.floor(INPUT_SIZES.length * random.uniform())] ?? 160;
  return samplesOfFrame(network, relight(frame, random), box, worn, inputSize, random);
}

/** Samples of one photo with its own edges before a plain wall, at random else: as somebody shows the gate a photo. */
export async function shownSamples(
  network: FaceNetwork,
  photo: SurveyedPhoto,
  pool: PhotoPool,
  random: Random,
): Promise<Sample[]> {
  const margins = marginsOf(photo);
  const staging: Staging = { ...randomStaging(margins, random), margins, around: 'grey' };
  const { frame, box, worn } = await composedFrame(photo, 'none', staging, pool, random);
  const lit = random.uniform() < RELIT_SHARE ? relight(frame, random) : frame;
  return samplesOfFrame(network, lit, box, worn, 128, random);
}

/** The one sample of a photo that accuracy is reported on; null when the detector does not see the face. */
export async function plainSample(
  network: FaceNetwork,
  photo: SurveyedPhoto,
  composition: Composition,
  pool: PhotoPool,
  random: Random,
  edges: 'its own' | 'even' = 'even',
): Promise<Sample | null> {
  const staging = plainStaging(edges === 'even' ? shownMargins(photo, pool, random) : marginsOf(photo));
  const { frame, box, worn } = await composedFrame(photo, composition, staging, pool, random);
  const face = faceAt(network, frame, box, 160);
  return face === undefined ? null : { features: network.features(frame, face), truth: worn };
}

/** Samples of a frame that shows a face at `box`; none when the detector does not see it. */
export function samplesOfFrame(
  network: FaceNetwork,
  frame: CameraFrame,
  box: Rect,
  worn: boolean,
  inputSize: InputSize,
  random: Random,
  leastScore = CANDIDATE_SCORE,
): Sample[] {
  const face = faceAt(network, frame, box, inputSize, leastScore);
  if (face === undefined) return [];
  return Array.from({ length: CROPS_PER_STAGING }, () => ({
    features: network.features(frame, face, randomChange(random)),
    truth: worn,
  }));
}

/**
 * The photos without a mask are cut close above and below, those with one close at the sides. What is shown is therefore
 * the least of this photo's margins and those of a random one of the other truth: edges tell nothing.
 */
function shownMargins(photo: SurveyedPhoto, { worn, bare }: PhotoPool, random: Random): Margins {
  const own = marginsOf(photo);
  const other = oneOf(photo.worn ? bare : worn, photo, random);
  return isRoomy(photo) && random.uniform() < ROOMY_SHARE ? own : narrower(own, marginsOf(other));
}

async function composedFrame(
  photo: SurveyedPhoto,
  composition: Composition,
  staging: Staging,
  pool: PhotoPool,
  random: Random,
): Promise<Readonly<{ frame: CameraFrame; box: Rect; worn: boolean }>> {
  const donor = oneOf(pool.donors, photo, random);
  const { picture, worn } = await compose(await photoPicture(photo, staging), composition, {
    worn: photo.worn,
    donor: () => photoPicture(donor, { ...staging, mirrored: random.uniform() < 0.5 }),
    random,
  });
  const other = oneOf(random.uniform() < 0.5 ? pool.worn : pool.bare, photo, random);
  return { ...(await stagePicture(picture, staging, other, random)), worn };
}

function oneOf(photos: readonly SurveyedPhoto[], otherwise: SurveyedPhoto, random: Random): SurveyedPhoto {
  return photos[Math.floor(photos.length * random.uniform())] ?? otherwise;
}

/** What the detector takes for the face at `box`. */
function faceAt(
  network: FaceNetwork,
  frame: CameraFrame,
  box: Rect,
  inputSize: InputSize,
  leastScore = CANDIDATE_SCORE,
): Face | undefined {
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
  return network
    .detect(frame, whole, inputSize, leastScore)
    .find((face) => intersectionOverUnion(face.box, box) >= SAME_FACE);
}

function randomChange(random: Random): CropChange {
  return {
    shiftX: 0.045 * random.normal(),
    shiftY: 0.045 * random.normal(),
    scale: Math.exp(0.1 * random.normal()),
    turnRad: 0.1 * random.normal(),
  };
}
