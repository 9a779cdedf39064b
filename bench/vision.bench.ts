import { bench, describe } from 'vitest';
import { centreSquare, letterbox } from '../src/camera/letterbox.ts';
import { fillNetworkInput } from '../src/camera/network-input.ts';
import { LocalFaceFinder } from '../src/io/tfjs/face-finder.ts';
import { FaceNetwork } from '../src/io/tfjs/face-network.ts';
import { readFaceCheck, readMaskHead } from '../src/io/tfjs/model-files.ts';
import { openFaceFinder } from '../src/io/tfjs/worker-face-finder.ts';
import { seededRandom } from '../src/simulation/random.ts';
import { sceneFrames } from '../src/training/scene-frames.ts';
import { INPUT_SIZES } from '../src/vision/anchors.ts';
import { faceProbability } from '../src/vision/face-check.ts';
import { maskProbability } from '../src/vision/mask-head.ts';

const finder = await LocalFaceFinder.open();
const network = await FaceNetwork.load();
const { backend } = finder;
const scene = (await sceneFrames(1, seededRandom(3))).slice(0, 12);
const frame = scene.find(
  ({ face, frame: one }) => face !== null && finder.find(one, true).length === 1,
)?.frame;
const nobody = scene.find(({ face }) => face === null)?.frame;
if (frame === undefined || nobody === undefined) throw new Error('the scene shows no face');
const window = centreSquare(frame.width, frame.height);
const [face] = network.detect(frame, window, 128, 0.1);
if (face === undefined) throw new Error('the detector sees no face');
const [check, head] = [await readFaceCheck(), await readMaskHead()];
const features = network.features(frame, face);
const worker = await openFaceFinder();

describe(`one 640 x 480 frame, from YUV to faces with masks, ${backend}`, () => {
  bench('one face', () => {
    finder.find(frame, true);
  });
  bench('one face, in the worker', async () => {
    await worker.find(frame, true);
  });
  bench('somebody who shows no face: both looks', () => {
    finder.find(nobody, true);
  });
  bench('for comparison: the detector at 256 pixels alone', () => {
    network.detect(frame, window, 256, 0.5);
  });
});

describe(`the detector by input, ${backend}`, () => {
  for (const size of INPUT_SIZES) {
    bench(`${size} pixels`, () => {
      network.detect(frame, window, size, 0.5);
    });
  }
});

describe(`one candidate, ${backend}`, () => {
  bench('crop and backbone', () => {
    network.features(frame, face);
  });
  bench('face check', () => {
    faceProbability(check, features, face.score);
  });
  bench('mask head', () => {
    maskProbability(head, features);
  });
});

describe('camera frame to network input', () => {
  const out = new Float32Array(256 * 256 * 3);
  for (const size of INPUT_SIZES) {
    bench(`${size} pixels`, () => {
      fillNetworkInput(frame, letterbox(window, size), out);
    });
  }
});
