import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readImage } from '../io/image/read-image.ts';
import { FaceNetwork } from '../io/tfjs/face-network.ts';
import {
  DETECTOR_SHA256,
  FACE_CHECK_DIR,
  type FaceCheckMetadata,
  packMaskHead,
} from '../io/tfjs/model-files.ts';
import { openBackend } from '../io/tfjs/tensorflow.ts';
import { type Random, seededRandom } from '../simulation/random.ts';
import { cropFingerprint } from '../vision/face-check.ts';
import { type MaskHead, maskProbability } from '../vision/mask-head.ts';
import { agreedFace, backgroundSamples, frameSamples, photoSamples } from './face-check-samples.ts';
import { type FitOptions, fitHead, type Sample } from './fit-head.ts';
import { labelledPhotos } from './labelled-photos.ts';
import { Progress } from './progress.ts';
import { quantiseHead } from './quantise-head.ts';
import { sceneFrames } from './scene-frames.ts';

const FIT: Omit<FitOptions, 'onEpoch'> = {
  hidden: 48,
  epochs: 5,
  batch: 64,
  learningRate: 0.002,
  weightDecay: 0.02,
  dropout: 0.3,
  labelSmoothing: 0.01,
};
const FRAMES_PER_BACKGROUND = 12;
/** One kind of background in so many is held out. */
const HOLD_OUT_EVERY = 4;
const SCENES = 4;
/** How often a photo is put before the camera. */
const STAGINGS = 2;
/** Features are scaled to about 1: their root mean square is about 3. */
const FEATURE_SCALE = 1 / 3;

/** `npm run train:face-check`: makes models/face-check/; the same seed and data give the same weights. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      faces: { type: 'string', default: '../shared/data/faces' },
      'no-face': { type: 'string', default: '../shared/data/no-face' },
      out: { type: 'string', default: FACE_CHECK_DIR },
      seed: { type: 'string', default: '5' },
    },
  });
  const random = seededRandom(Number(values.seed));
  // Never the native backend: its last bits differ, and with them the weights.
  await openBackend('wasm');
  const network = await FaceNetwork.load();
  const [photos, backgrounds, scenes] = [random.fork(), random.fork(), random.fork()];
  const split: Split = { training: [], heldOut: [] };
  await addScenes(network, split, scenes);
  await addBackgrounds(network, values['no-face'], split, backgrounds);
  await addPhotos(network, values.faces, split, photos);
  const check = train(split.training, random.fork());
  const made = { seed: Number(values.seed), ...figures(check, split) };
  process.stderr.write(`${JSON.stringify(made)}\n`);
  await write(values.out, check, made);
}

type Split = Readonly<{ training: Sample[]; heldOut: Sample[] }>;

async function addScenes(network: FaceNetwork, split: Split, random: Random): Promise<void> {
  const frames = await sceneFrames(SCENES, random);
  frames.forEach(({ frame, face }, index) => {
    const to = index < frames.length * 0.8 ? split.training : split.heldOut;
    to.push(...frameSamples(network, frame, face, random));
  });
}

/** Every fourth kind of background is held out; the parts of one picture, NAME_1.jpg and so on, are one kind. */
async function addBackgrounds(
  network: FaceNetwork,
  folder: string,
  split: Split,
  random: Random,
): Promise<void> {
  const files = (await readdir(folder)).filter((file) => /\.(jpg|png)$/.test(file)).sort();
  const kinds = [...new Set(files.map(kindOf))];
  const progress = new Progress('backgrounds shown', files.length);
  for (const file of files) {
    progress.step();
    const to = kinds.indexOf(kindOf(file)) % HOLD_OUT_EVERY === 1 ? split.heldOut : split.training;
    const { frame } = await readImage(`${folder}/${file}`);
    for (let part = 0; part < FRAMES_PER_BACKGROUND; part++) {
      to.push(...backgroundSamples(network, frame, random));
    }
  }
}

function kindOf(file: string): string {
  return file.replace(/_\d+\.\w+$/, '');
}

async function addPhotos(network: FaceNetwork, folder: string, split: Split, random: Random): Promise<void> {
  const photos = labelledPhotos(folder);
  const progress = new Progress('photos shown', photos.length);
  for (const photo of photos) {
    progress.step();
    const { frame } = await readImage(photo.file);
    const face = agreedFace(network, frame);
    if (face === null) continue;
    const to = photo.heldOut ? split.heldOut : split.training;
    for (let staging = 0; staging < STAGINGS; staging++) {
      to.push(...photoSamples(network, frame, face, random));
    }
  }
}

function train(samples: readonly Sample[], random: Random): MaskHead {
  const scaled = samples.map(({ features, truth }) => ({
    features: features.map((value) => value * FEATURE_SCALE),
    truth,
  }));
  const progress = new Progress('epochs', FIT.epochs);
  const onEpoch = (_: number, loss: number): void => progress.step(`loss ${loss.toFixed(4)}`);
  return quantiseHead(fitHead(scaled, random, { ...FIT, onEpoch }), FEATURE_SCALE);
}

/** Shares of held-out candidates that the check takes for faces, at one half. */
function figures(check: MaskHead, { training, heldOut }: Split): object {
  const taken = (face: boolean): number => {
    const some = heldOut.filter((sample) => sample.truth === face);
    const yes = some.filter((sample) => maskProbability(check, sample.features) >= 0.5);
    return Math.round((10_000 * yes.length) / some.length) / 10_000;
  };
  return {
    trainingFaces: training.filter((sample) => sample.truth).length,
    trainingOthers: training.filter((sample) => !sample.truth).length,
    heldOutFaces: heldOut.filter((sample) => sample.truth).length,
    heldOutOthers: heldOut.filter((sample) => !sample.truth).length,
    facesTaken: taken(true),
    othersTaken: taken(false),
  };
}

async function write(folder: string, check: MaskHead, made: object): Promise<void> {
  const bytes = packMaskHead(check);
  const metadata: FaceCheckMetadata = {
    format: 1,
    inputs: check.inputs,
    hidden: check.hidden,
    backboneSha256: DETECTOR_SHA256,
    crop: cropFingerprint(),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/head.bin`, bytes);
  await writeFile(`${folder}/head.json`, `${JSON.stringify({ ...metadata, made }, null, 2)}\n`);
}

await main();
