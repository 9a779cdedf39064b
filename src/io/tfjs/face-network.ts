import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { letterbox } from '../../camera/letterbox.ts';
import { fillNetworkInput } from '../../camera/network-input.ts';
import { sampleI420 } from '../../camera/sample-i420.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { Face } from '../../domain/face.ts';
import type { Rect } from '../../domain/geometry.ts';
import { ANCHOR_GRIDS, anchorCentres, type InputSize } from '../../vision/anchors.ts';
import { decodeGrid } from '../../vision/decode.ts';
import { CROP_SIZE, type CropChange, faceCrop } from '../../vision/face-crop.ts';
import { mergeOverlapping } from '../../vision/merge-overlapping.ts';
import { readDetector } from './model-files.ts';
import { VisionError } from './vision-error.ts';

const LAYERS = 'StatefulPartitionedCall/functional_1/';
/** The outputs before their Reshape, which would hold the network to 256 pixels: logits, regressions, by grid. */
const DETECTION_NODES = ['conv2d_33', 'conv2d_35', 'conv2d_34', 'conv2d_36'].map(
  (name) => `${LAYERS}${name}/BiasAdd`,
);
/** A backbone layer of stride 16, 96 channels, before the last: those after it serve the finding of faces. */
const FEATURE_NODE = `${LAYERS}re_lu_27/Relu`;
/** Numbers that layer gives for one crop. */
export const FEATURE_LENGTH: number = (CROP_SIZE / 16) ** 2 * 96;

/** BlazeFace-back on the backend that is open in this thread; a frame's arrays are reused from call to call. */
export class FaceNetwork {
  readonly #model: GraphModel;
  readonly #anchors = new Map<number, readonly Float32Array[]>();
  readonly #inputs = new Map<number, Float32Array>();

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  /** Loads the weights; the backend must be open. Rejects with VisionError `model`. */
  static async load(): Promise<FaceNetwork> {
    const artifacts = await readDetector();
    return new FaceNetwork(await loadGraphModel({ load: () => Promise.resolve(artifacts) }));
  }

  /** Faces in one part of the frame, best first, in frame pixels. */
  detect(frame: CameraFrame, window: Rect, inputSize: InputSize, threshold: number): Face[] {
    const view = letterbox(window, inputSize);
    const input = this.#inputFor(inputSize);
    fillNetworkInput(frame, view, input);
    const outputs = this.#run(input, inputSize, DETECTION_NODES);
    const faces = this.#anchorsFor(inputSize).flatMap((anchors, grid) => {
      const [logits, regressions] = outputs.slice(2 * grid);
      if (logits === undefined || regressions === undefined)
        throw new VisionError('model', 'outputs are missing');
      return decodeGrid({ logits, regressions, anchors }, view, threshold);
    });
    return mergeOverlapping(faces);
  }

  /** What the backbone sees in the upright crop of one face: 2,400 numbers, none negative, kept by nobody. */
  features(frame: CameraFrame, face: Face, change?: CropChange): Float32Array {
    const input = this.#inputFor(CROP_SIZE);
    sampleI420(frame, faceCrop(face, change), CROP_SIZE, input);
    const [features] = this.#run(input, CROP_SIZE, [FEATURE_NODE]);
    if (features === undefined) throw new VisionError('model', 'features are missing');
    return features;
  }

  dispose(): void {
    this.#model.dispose();
  }

  #run(input: Float32Array, size: number, nodes: string[]): Float32Array[] {
    const values: Float32Array[] = [];
    // Nothing is returned from tidy: it would look for tensors in every number of the arrays.
    tf.tidy(() => {
      const outputs = this.#model.execute(tf.tensor4d(input, [1, size, size, 3]), nodes);
      for (const output of Array.isArray(outputs) ? outputs : [outputs])
        values.push(output.dataSync<'float32'>());
    });
    input.fill(0);
    return values;
  }

  #inputFor(size: number): Float32Array {
    const known = this.#inputs.get(size);
    if (known !== undefined) return known;
    const made = new Float32Array(size * size * 3);
    this.#inputs.set(size, made);
    return made;
  }

  #anchorsFor(inputSize: number): readonly Float32Array[] {
    const known = this.#anchors.get(inputSize);
    if (known !== undefined) return known;
    const made = ANCHOR_GRIDS.map(({ stride, perCell }) => anchorCentres(inputSize, stride, perCell));
    this.#anchors.set(inputSize, made);
    return made;
  }
}
