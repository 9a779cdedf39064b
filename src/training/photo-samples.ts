import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Face } from '../domain/face.ts';
import { centreOf, type Rect } from '../domain/geometry.ts';
import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import { INPUT_SIZES, type InputSize } from '../vision/anchors.ts';
import type { CropChange } from '../vision/face-crop.ts';
import type { Sample } from './fit-head.ts';
import type { LabelledPhoto } from './labelled-photos.ts';
import { PLAIN_STAGING, randomStaging, relight, stagePhoto } from './photo-frame.ts';

/** Faces under this score are left out of training: the gate never judges them. */
const LEAST_SCORE = 0.35;
const CROPS_PER_STAGING = 3;

/** Samples of one training photo: each staging is found by the detector as the gate would, then cropped several times. */
export async function trainingSamples(
  network: FaceNetwork,
  photo: LabelledPhoto,
  stagings: number,
  random: Random,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let staging = 0; staging < stagings; staging++) {
    const { frame, place } = await stagePhoto(photo.file, randomStaging(random));
    samples.push(...samplesOfFrame(network, relight(frame, random), place, photo.worn, random));
  }
  return samples;
}

/** Samples of a frame that shows one face inside `place`; none when the detector does not see it. */
export function samplesOfFrame(
  network: FaceNetwork,
  frame: CameraFrame,
  place: Rect,
  worn: boolean,
  random: Random,
): Sample[] {
  const inputSize = INPUT_SIZES[Math.floor(3 * random.uniform())] ?? 160;
  const face = faceInside(network, frame, place, inputSize);
  if (face === undefined) return [];
  return Array.from({ length: CROPS_PER_STAGING }, () => ({
    features: network.features(frame, face, randomChange(random)),
    worn,
  }));
}

/** The one sample of a photo that accuracy is reported on; null when the detector does not see the face. */
export async function plainSample(network: FaceNetwork, photo: LabelledPhoto): Promise<Sample | null> {
  const { frame, place } = await stagePhoto(photo.file, PLAIN_STAGING);
  const face = faceInside(network, frame, place, 160);
  return face === undefined ? null : { features: network.features(frame, face), worn: photo.worn };
}

/** The best face whose centre lies inside `place`. */
function faceInside(
  network: FaceNetwork,
  frame: CameraFrame,
  place: Rect,
  inputSize: InputSize,
): Face | undefined {
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
  return network.detect(frame, whole, inputSize, LEAST_SCORE).find((face) => {
    const { x, y } = centreOf(face.box);
    return x >= place.x && y >= place.y && x < place.x + place.width && y < place.y + place.height;
  });
}

function randomChange(random: Random): CropChange {
  return {
    shiftX: 0.04 * random.normal(),
    shiftY: 0.04 * random.normal(),
    scale: Math.exp(0.09 * random.normal()),
    turnRad: 0.1 * random.normal(),
  };
}
