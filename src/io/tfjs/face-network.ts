import * as tf from '@tensorflow/tfjs-core';
import { letterbox } from '../../camera/letterbox.ts';
import { fillNetworkInput } from '../../camera/network-input.ts';
import { sampleI420 } from '../../camera/sample-i420.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { Face } from '../../domain/face.ts';
import type { Rect } from '../../domain/geometry.ts';
import { ANCHOR_GRIDS, anchorCentres, type InputSize } from '../../vision/anchors.ts';
import { COLOUR_NUMBERS, cropColours } from '../../vision/crop-colours.ts';
import { decodeGrid } from '../../vision/decode.ts';
import {
  BACKBONE_NUMBERS,
  CROP_SIZE,
  type CropChange,
  faceCrop,
  mirrorCrop,
} from '../../vision/face-crop.ts';
import { mergeOverlapping } from '../../vision/merge-overlapping.ts';
import { type DetectorFiles, readDetector } from './model-files.ts';
import { NetworkPlan } from './network-plan.ts';
import { VisionError } from './vision-error.ts';

const LAYERS = 'StatefulPartitionedCall/functional_1/';
/** The outputs before their Reshape, which would hold the network to 256 pixels: logits, regressions, by grid. */
const DETECTION_NODES = ['conv2d_33', 'conv2d_35', 'conv2d_34', 'conv2d_36'].map(
  (name) => `${LAYERS}${name}/BiasAdd`,
);
/** A backbone layer of stride 16, 96 channels, before the last: those after it serve the finding of faces. */
const FEATURE_NODE = `${LAYERS}re_lu_27/Relu`;
/** Sides of a network input, pixels. */
type Size = Readonly<{ width: number; height: number }>;
const CROP: Size = { width: CROP_SIZE, height: CROP_SIZE };
/** Numbers that `features` gives for one crop. */
export const FEATURE_LENGTH: number = BACKBONE_NUMBERS + COLOUR_NUMBERS;

/** BlazeFace-back on the backend that is open in this thread; a frame's arrays are reused from call to call. */
export class FaceNetwork {
  readonly #weights: Readonly<Record<string, tf.Tensor>>;
  readonly #detection: NetworkPlan;
  readonly #backbone: NetworkPlan;
  readonly #anchors = new Map<string, readonly Float32Array[]>();
  readonly #inputs = new Map<string, Float32Array>();

  private constructor({ graph, weights }: DetectorFiles) {
    this.#weights = tf.io.decodeWeights(
      weights,
      graph.weightsManifest.flatMap((group) => group.weights),
    );
    this.#detection = new NetworkPlan(graph, this.#weights, DETECTION_NODES);
    this.#backbone = new NetworkPlan(graph, this.#weights, [FEATURE_NODE]);
  }

  /** Loads the weights; the backend must be open. Rejects with VisionError `model`. */
  static async load(): Promise<FaceNetwork> {
    return new FaceNetwork(await readDetector());
  }

  /** Faces in one part of the frame, best first, in frame pixels. */
  detect(frame: CameraFrame, window: Rect, inputSize: InputSize, threshold: number): Face[] {
    const view = letterbox(window, inputSize);
    const input = this.#inputFor(view);
    fillNetworkInput(frame, view, input);
    const outputs = this.#run(this.#detection, input, view);
    const faces = this.#anchorsFor(view).flatMap((anchors, grid) => {
      const [logits, regressions] = outputs.slice(2 * grid);
      if (logits === undefined || regressions === undefined)
        throw new VisionError('model', 'outputs are missing');
      return decodeGrid({ logits, regressions, anchors }, view, threshold);
    });
    return mergeOverlapping(faces);
  }

  /** What the upright crop of one face shows: 2,400 numbers of the backbone, none negative, then its coarse colours. Kept by nobody. */
  features(frame: CameraFrame, face: Face, change?: CropChange): Float32Array {
    const input = this.#inputFor(CROP);
    sampleI420(frame, faceCrop(face, change), CROP_SIZE, input);
    if (change?.mirrored === true) mirrorCrop(input, CROP_SIZE);
    const colours = cropColours(input);
    const [seen] = this.#run(this.#backbone, input, CROP);
    if (seen === undefined) throw new VisionError('model', 'features are missing');
    const features = new Float32Array(FEATURE_LENGTH);
    features.set(seen);
    features.set(colours, seen.length);
    return features;
  }

  dispose(): void {
    tf.dispose(this.#weights);
  }

  #run(plan: NetworkPlan, input: Float32Array, { width, height }: Size): Float32Array[] {
    const values: Float32Array[] = [];
    // Nothing is returned from tidy: it would look for tensors in every number of the arrays.
    tf.tidy(() => {
      for (const output of plan.run(tf.tensor4d(input, [1, height, width, 3])))
        values.push(output.dataSync<'float32'>());
    });
    input.fill(0);
    return values;
  }

  #inputFor({ width, height }: Size): Float32Array {
    const key = `${width}x${height}`;
    const known = this.#inputs.get(key);
    if (known !== undefined) return known;
    const made = new Float32Array(width * height * 3);
    this.#inputs.set(key, made);
    return made;
  }

  #anchorsFor({ width, height }: Size): readonly Float32Array[] {
    const key = `${width}x${height}`;
    const known = this.#anchors.get(key);
    if (known !== undefined) return known;
    const made = ANCHOR_GRIDS.map(({ stride, perCell }) => anchorCentres(width, height, stride, perCell));
    this.#anchors.set(key, made);
    return made;
  }
}
