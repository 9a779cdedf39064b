import * as tf from '@tensorflow/tfjs-core';
import { centreSquare, letterbox } from '../../src/camera/letterbox.ts';
import { fillNetworkInput } from '../../src/camera/network-input.ts';
import { LocalFaceFinder } from '../../src/io/tfjs/face-finder.ts';
import { FaceNetwork } from '../../src/io/tfjs/face-network.ts';
import { readFaceCheck, readMaskHead } from '../../src/io/tfjs/model-files.ts';
import { openFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import { seededRandom } from '../../src/simulation/random.ts';
import { drawnVisitor } from '../../src/training/drawn-samples.ts';
import { faceProbability } from '../../src/vision/face-check.ts';
import { maskProbability } from '../../src/vision/mask-head.ts';

/** What seeing costs: time of each stage, start, memory, tensors left behind. */
const ROUNDS = 200;
const MEGABYTE = 2 ** 20;

const startedMs = performance.now();
const worker = await openFaceFinder();
console.log(`start: ${(performance.now() - startedMs).toFixed(0)} ms until the vision worker is ready`);
const finder = await LocalFaceFinder.open();
const network = await FaceNetwork.load();
const [check, head] = [await readFaceCheck(), await readMaskHead()];
const { frame } = await drawnVisitor('worn', seededRandom(4));
const window = centreSquare(frame.width, frame.height);
const [face] = network.detect(frame, window, 128, 0.1);
if (face === undefined) throw new Error('the drawn visitor shows no face');
const features = network.features(frame, face);
const view = letterbox(window, 128);
const input = new Float32Array(128 * 128 * 3);
const stages: Readonly<Record<string, () => unknown>> = {
  'YUV420 to network input': () => fillNetworkInput(frame, view, input),
  'that and the detector': () => network.detect(frame, window, 128, 0.1),
  'crop and backbone': () => network.features(frame, face),
  'face check': () => faceProbability(check, features, face.score),
  'mask head': () => maskProbability(head, features),
  'whole step, this thread': () => finder.find(frame, true),
  'whole step, worker': () => worker.find(frame, true),
};
const times: Record<string, number[]> = {};
let tensors = 0;
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, stage] of Object.entries(stages)) {
    const beganMs = performance.now();
    await stage();
    times[name] = [...(times[name] ?? []), performance.now() - beganMs];
  }
  if (round === 0) tensors = tf.memory().numTensors;
}
console.log('ms: median, and the fastest tenth as the better guess at an idle machine');
for (const [name, ms] of Object.entries(times)) {
  console.log(`${name.padEnd(26)} ${quantile(ms, 0.5).toFixed(2)} / ${quantile(ms, 0.1).toFixed(2)}`);
}
const whole = times['whole step, worker'];
const [usual, quiet] = [0.5, 0.1].map((share) => (1000 / quantile(whole, share)).toFixed(0));
console.log(`frames a second in the worker: ${usual} / ${quiet}`);
console.log(`tensors left behind by ${ROUNDS - 1} rounds: ${tf.memory().numTensors - tensors}`);
console.log(
  `resident memory: ${(process.memoryUsage().rss / MEGABYTE).toFixed(0)} MB, two networks and a worker`,
);
await worker.close();

function quantile(values: readonly number[] = [], share = 0.5): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
