import { bench, describe } from 'vitest';
import { centreSquare, letterbox } from '../src/camera/letterbox.ts';
import { fillNetworkInput } from '../src/camera/network-input.ts';
import type { CameraFrame } from '../src/domain/camera-frame.ts';
import type { Face } from '../src/domain/face.ts';
import { FaceNetwork } from '../src/io/tfjs/face-network.ts';
import { readMaskHead } from '../src/io/tfjs/model-files.ts';
import { openBackend } from '../src/io/tfjs/tensorflow.ts';
import { INPUT_SIZES } from '../src/vision/anchors.ts';
import { maskProbability } from '../src/vision/mask-head.ts';

const frame: CameraFrame = {
  atMs: 0,
  width: 640,
  height: 480,
  data: Uint8Array.from({ length: 640 * 480 * 1.5 }, (_, at) => (at * 7919) % 251),
};
const window = centreSquare(frame.width, frame.height);
const face: Face = {
  box: { x: 220, y: 140, width: 200, height: 200 },
  score: 1,
  keyPoints: [
    { x: 280, y: 205 },
    { x: 360, y: 210 },
  ],
};
const backend = await openBackend('auto');
const network = await FaceNetwork.load();
const head = await readMaskHead();
const features = network.features(frame, face);

describe(`faces in a 640 x 480 frame, ${backend}`, () => {
  for (const size of INPUT_SIZES) {
    bench(`detector at ${size} pixels`, () => {
      network.detect(frame, window, size, 0.5);
    });
  }
});

describe(`the mask of one face, ${backend}`, () => {
  bench('crop and backbone', () => {
    network.features(frame, face);
  });
  bench('head', () => {
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
