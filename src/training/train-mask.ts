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
import { judge } from './judge-head.ts';
import { labelledPhotos } from './labelled-photos.ts';
import { plainSample, trainingSamples } from './photo-samples.ts';
import { quantiseHead } from './quantise-head.ts';

const FIT: Omit<FitOptions, 'onEpoch'> = {
  hidden: 64,
  epochs: 14,
  batch: 64,
  learningRate: 0.001,
  weightDecay: 0.02,
  dropout: 0.3,
  labelSmoothing: 0.02,
};
const STAGINGS_PER_PHOTO = 2;
const DRAWN_VISITORS = 300;
const DRAWN_HELD_OUT = 100;
const TELL_EVERY = 200;

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
  const photos = await photoSamples(network, values.data, random.fork());
  const drawn = await drawnSamples(network, DRAWN_VISITORS, random.fork());
  const drawnHeldOut = await drawnSamples(network, DRAWN_HELD_OUT, random.fork());
  const head = train([...photos.training, ...drawn], random.fork());
  const figures = { photos: judge(head, photos.heldOut), drawn: judge(head, drawnHeldOut) };
  tell(JSON.stringify(figures));
  await write(values.out, head, {
    seed: Number(values.seed),
    trainingCrops: photos.training.length + drawn.length,
    figures,
  });
}

type Split = Readonly<{ training: Sample[]; heldOut: Sample[] }>;

async function photoSamples(network: FaceNetwork, folder: string, random: Random): Promise<Split> {
  const training: Sample[] = [];
  const heldOut: Sample[] = [];
  const photos = labelledPhotos(folder);
  for (const [index, photo] of photos.entries()) {
    if (index % TELL_EVERY === 0) tell(`photo ${index} of ${photos.length}, ${training.length} crops`);
    if (photo.heldOut) {
      const sample = await plainSample(network, photo);
      if (sample !== null) heldOut.push(sample);
    } else training.push(...(await trainingSamples(network, photo, STAGINGS_PER_PHOTO, random)));
  }
  return { training, heldOut };
}

function train(samples: readonly Sample[], random: Random): MaskHead {
  const scale = 1 / rootMeanSquare(samples);
  const scaled = samples.map(({ features, worn }) => ({
    features: features.map((value) => value * scale),
    worn,
  }));
  const onEpoch = (epoch: number, loss: number): void =>
    tell(`epoch ${epoch + 1} of ${FIT.epochs}, loss ${loss.toFixed(4)}`);
  return quantiseHead(fitHead(scaled, random, { ...FIT, onEpoch }), scale);
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

async function write(folder: string, head: MaskHead, made: object): Promise<void> {
  const bytes = packMaskHead(head);
  const metadata: MaskHeadMetadata = {
    format: 1,
    inputs: head.inputs,
    hidden: head.hidden,
    backboneSha256: DETECTOR_SHA256,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/head.bin`, bytes);
  await writeFile(`${folder}/head.json`, `${JSON.stringify({ ...metadata, made }, null, 2)}\n`);
}

function tell(line: string): void {
  process.stderr.write(`train:mask: ${line}\n`);
}

await main();
