import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { io } from '@tensorflow/tfjs-core';
import { cropFingerprint } from '../../vision/face-check.ts';
import type { MaskHead } from '../../vision/mask-head.ts';
import { VisionError } from './vision-error.ts';

/** The package's models/, the same from src/io/tfjs and from dist/io/tfjs. */
const MODELS = new URL('../../../models/', import.meta.url);
const FACE_DETECTOR_DIR: string = fileURLToPath(new URL('face-detector/', MODELS));
export const MASK_HEAD_DIR: string = fileURLToPath(new URL('mask-head/', MODELS));
export const FACE_CHECK_DIR: string = fileURLToPath(new URL('face-check/', MODELS));

/** SHA-256 of the detector's graph and weights: what the node names and the mask head were made for. */
const DETECTOR_GRAPH_SHA256 = 'cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f';
export const DETECTOR_SHA256 = 'dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72';

/** The detector as it lies in its files. */
export type DetectorFiles = Readonly<{ graph: DetectorGraph; weights: ArrayBuffer }>;

/** The part of a tfjs graph file that is looked at. */
export type DetectorGraph = Readonly<{
  modelTopology: Readonly<{ node: readonly DetectorNode[] }>;
  weightsManifest: io.WeightsManifestConfig;
}>;

/** One operation of the graph; numbers are decimal, texts base64. */
export type DetectorNode = Readonly<{
  name: string;
  op: string;
  input?: readonly string[];
  attr?: Readonly<
    Record<
      string,
      Readonly<{ s?: string; list?: Readonly<{ i?: readonly string[]; s?: readonly string[] }> }>
    >
  >;
}>;

/** Reads the detector's graph and weights. Rejects with VisionError `model`. */
export async function readDetector(): Promise<DetectorFiles> {
  const graphText = await readPinned(`${FACE_DETECTOR_DIR}blazeface.json`, DETECTOR_GRAPH_SHA256);
  const weights = await readPinned(`${FACE_DETECTOR_DIR}blazeface.bin`, DETECTOR_SHA256);
  return { graph: JSON.parse(graphText.toString('utf8')), weights: Uint8Array.from(weights).buffer };
}

/** What models/mask-head/head.json says of the weights beside it. */
export type MaskHeadMetadata = Readonly<{
  format: 1;
  inputs: number;
  hidden: number;
  /** SHA-256 of the detector weights whose features it was trained on, and of head.bin. */
  backboneSha256: string;
  sha256: string;
}>;

/** Reads the mask head. Rejects with VisionError `model`. */
export async function readMaskHead(): Promise<MaskHead> {
  return (await readHead(MASK_HEAD_DIR, 'mask head', 'npm run train:mask')).head;
}

/** What models/face-check/head.json says beside that. */
export type FaceCheckMetadata = MaskHeadMetadata & Readonly<{ crop: string }>;

/** Reads the face check: a head of the same shape, on the same crops. Rejects with VisionError `model`. */
export async function readFaceCheck(): Promise<MaskHead> {
  const remedy = 'npm run train:face-check';
  const { head, metadata } = await readHead<FaceCheckMetadata>(FACE_CHECK_DIR, 'face check', remedy);
  if (metadata.crop === cropFingerprint()) return head;
  throw new VisionError('model', `the face check was trained on other crops of faces: run ${remedy}`);
}

async function readHead<Metadata extends MaskHeadMetadata>(
  folder: string,
  name: string,
  remedy: string,
): Promise<Readonly<{ head: MaskHead; metadata: Metadata }>> {
  const metadata: Metadata = JSON.parse((await read(`${folder}head.json`)).toString('utf8'));
  if (metadata.format !== 1 || metadata.backboneSha256 !== DETECTOR_SHA256) {
    throw new VisionError('model', `the ${name} was trained on another face detector: run ${remedy}`);
  }
  const bytes = await readPinned(`${folder}head.bin`, metadata.sha256);
  const head = unpackMaskHead(metadata.inputs, metadata.hidden, Uint8Array.from(bytes).buffer);
  return { head, metadata };
}

/** Layout of head.bin, little-endian: hidden weights int8, then float32 scales, biases, output weights, output bias. */
export function packMaskHead(head: MaskHead): Uint8Array {
  const floats = [...head.hiddenScales, ...head.hiddenBiases, ...head.outputWeights, head.outputBias];
  const weights = head.hiddenWeights.length;
  const bytes = new Uint8Array(weights + 4 * floats.length);
  bytes.set(new Uint8Array(head.hiddenWeights.buffer, head.hiddenWeights.byteOffset, weights));
  const view = new DataView(bytes.buffer);
  floats.forEach((value, index) => {
    view.setFloat32(weights + 4 * index, value, true);
  });
  return bytes;
}

/** The reverse of {@link packMaskHead}. Throws VisionError `model` on a wrong length. */
export function unpackMaskHead(inputs: number, hidden: number, buffer: ArrayBuffer): MaskHead {
  const weights = inputs * hidden;
  if (buffer.byteLength !== weights + 4 * (3 * hidden + 1)) {
    throw new VisionError(
      'model',
      `head.bin has ${buffer.byteLength} bytes, not those of ${inputs} x ${hidden}`,
    );
  }
  const view = new DataView(buffer);
  const floats = (from: number): Float32Array =>
    Float32Array.from({ length: hidden }, (_, index) => view.getFloat32(weights + 4 * (from + index), true));
  return {
    inputs,
    hidden,
    hiddenWeights: new Int8Array(buffer, 0, weights),
    hiddenScales: floats(0),
    hiddenBiases: floats(hidden),
    outputWeights: floats(2 * hidden),
    outputBias: view.getFloat32(weights + 12 * hidden, true),
  };
}

async function readPinned(path: string, sha256: string): Promise<Buffer> {
  const bytes = await read(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new VisionError('model', `${path} has SHA-256 ${found}, not ${sha256}`);
  return bytes;
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new VisionError('model', `cannot read ${path}: run npm run models`, { cause });
  }
}
