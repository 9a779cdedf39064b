import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FaceNetwork } from '../io/tfjs/face-network.ts';
import {
  DETECTOR_SHA256,
  MASK_HEAD_DIR,
  type MaskHeadMetadata,
  packMaskHead,
} from '../io/tfjs/model-files.ts';
import { openBackend } from '../io/tfjs/tensorflow.ts';
import { type Random, seededRandom } from '../simulation/random.ts';
import type { MaskHead } from '../vision/mask-head.ts';
import { drawnSamples } from './drawn-samples.ts';
import { type FitOptions, fitHead, type Sample } from './fit-head.ts';
import { type HeldOutSets, heldOutSets } from './held-out-sets.ts';
import { type HeadFigures, judge } from './judge-head.ts';
import { labelledPhotos } from './labelled-photos.ts';
import { CANDIDATE_SCORE, shownSamples, trainingSamples } from './photo-samples.ts';
import { Progress } from './progress.ts';
import { quantiseHead } from './quantise-head.ts';
import { sideBySide } from './side-by-side.ts';
import { randomComposition } from './staging/compose.ts';
import { surveyPhoto } from './survey-photos.ts';
import { isRoomy, poolOf, type SurveyedPhoto } from './surveyed-photo.ts';

const FIT: Omit<FitOptions, 'onEpoch'> = {
  hidden: 64,
  epochs: 11,
  batch: 64,
  learningRate: 0.001,
  weightDecay: 0.02,
  dropout: 0.3,
  labelSmoothing: 0.03,
};
/** How often a photo is put before the camera, and one that shows more than its face. */
const STAGINGS = 1;
const ROOMY_STAGINGS = 2;
const DRAWN_VISITORS = 600;

/** `npm run train:mask`: makes models/mask-head/ from photos and drawn visitors; the same seed gives the same weights. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: '../shared/data/faces' },
      out: { type: 'string', default: MASK_HEAD_DIR },
      seed: { type: 'string', default: '7' },
    },
  });
  const random = seededRandom(Number(values.seed));
  // Never the native backend: its last bits differ, and with them the weights.
  await openBackend('wasm');
  const network = await FaceNetwork.load();
  const photos = await survey(network, values.data);
  const samples = await gather(network, photos.training, random.fork());
  const sets = await heldOutSets(network, photos.heldOut, random.fork());
  const head = train(samples, random.fork());
  const figures = figuresOf(head, sets);
  process.stderr.write(`${JSON.stringify(figures, null, 1)}\n`);
  await write(values.out, head, { seed: Number(values.seed), trainingCrops: samples.length, figures });
}

type Split = Readonly<{ training: readonly SurveyedPhoto[]; heldOut: readonly SurveyedPhoto[] }>;

async function survey(network: FaceNetwork, folder: string): Promise<Split> {
  const photos = labelledPhotos(folder);
  const progress = new Progress('faces found', photos.length);
  const surveyed = await sideBySide(photos, async (photo) => {
    const found = await surveyPhoto(network, photo);
    progress.step();
    return found;
  });
  const found = surveyed.filter((photo) => photo !== null);
  return {
    training: found.filter((photo) => !photo.heldOut),
    heldOut: found.filter((photo) => photo.heldOut),
  };
}

async function gather(
  network: FaceNetwork,
  photos: readonly SurveyedPhoto[],
  random: Random,
): Promise<Sample[]> {
  const pool = poolOf(photos);
  const samples = await drawnSamples(network, DRAWN_VISITORS, CANDIDATE_SCORE, random.fork());
  // A source of numbers for each: what comes of it does not depend on which is done first.
  const stagings = photos.flatMap((photo) =>
    Array.from({ length: isRoomy(photo) ? ROOMY_STAGINGS : STAGINGS }, () => ({
      photo,
      random: random.fork(),
    })),
  );
  const shown = photos.map((photo) => ({ photo, random: random.fork() }));
  const progress = new Progress('photos staged', stagings.length + shown.length);
  const staged = await sideBySide(stagings, async ({ photo, random: own }) => {
    const composition = randomComposition(photo.worn, own);
    const found = await trainingSamples(network, photo, composition, pool, own);
    progress.step();
    return found;
  });
  const asShown = await sideBySide(shown, async ({ photo, random: own }) => {
    const found = await shownSamples(network, photo, pool, own);
    progress.step();
    return found;
  });
  return [...samples, ...staged.flat(), ...asShown.flat()];
}

function train(samples: readonly Sample[], random: Random): MaskHead {
  const scale = 1 / rootMeanSquare(samples);
  for (const { features } of samples) {
    for (let at = 0; at < features.length; at++) features[at] = (features[at] ?? 0) * scale;
  }
  const progress = new Progress('epochs', FIT.epochs);
  const onEpoch = (_: number, loss: number): void => progress.step(`loss ${loss.toFixed(4)}`);
  return quantiseHead(fitHead(samples, random, { ...FIT, onEpoch }), scale);
}

function rootMeanSquare(samples: readonly Sample[]): number {
  let squares = 0;
  let count = 0;
  for (const { features } of samples) {
    for (const value of features) squares += value * value;
    count += features.length;
  }
  return Math.sqrt(squares / count);
}

function figuresOf(head: MaskHead, sets: HeldOutSets): Record<string, HeadFigures> {
  return Object.fromEntries(Object.entries(sets).map(([name, samples]) => [name, judge(head, samples)]));
}

async function write(folder: string, head: MaskHead, made: object): Promise<void> {
  const bytes = packMaskHead(head);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const metadata: MaskHeadMetadata = {
    format: 1,
    inputs: head.inputs,
    hidden: head.hidden,
    backboneSha256: DETECTOR_SHA256,
    sha256,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/head.bin`, bytes);
  await writeFile(`${folder}/head.json`, `${JSON.stringify({ ...metadata, made }, null, 2)}\n`);
  process.stderr.write(`models/models.sha256 has to list: ${sha256}  mask-head/head.bin\n`);
}

await main();
