import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraFrame } from '../../src/domain/camera-frame.ts';
import { intersectionOverUnion } from '../../src/domain/geometry.ts';
import { LocalFaceFinder } from '../../src/io/tfjs/face-finder.ts';
import { FaceNetwork } from '../../src/io/tfjs/face-network.ts';
import { readMaskHead } from '../../src/io/tfjs/model-files.ts';
import { openBackend } from '../../src/io/tfjs/tensorflow.ts';
import { openFaceFinder, WorkerFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import { seededRandom } from '../../src/simulation/random.ts';
import { drawnSamples } from '../../src/training/drawn-samples.ts';
import { judge } from '../../src/training/judge-head.ts';
import { labelledPhotos } from '../../src/training/labelled-photos.ts';
import { sceneFrames } from '../../src/training/scene-frames.ts';
import { INPUT_SIZES } from '../../src/vision/anchors.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';
import { stagePhoto } from '../support/staged-photo.ts';

const grey = (width: number, height: number): CameraFrame => ({
  atMs: 0,
  width,
  height,
  data: new Uint8Array((width * height * 3) / 2).fill(128),
});

describe('the face finder on its own thread', () => {
  let finder: WorkerFaceFinder;
  beforeAll(async () => {
    finder = await openFaceFinder({ inputSize: 128, backend: 'wasm' });
  });
  afterAll(() => finder.close());

  it('names its backend', () => {
    expect(finder.backend).toBe('wasm');
  });

  it('sees nobody in a grey frame, of any size', async () => {
    const frames = [grey(640, 480), grey(480, 640), grey(64, 64), grey(1280, 720)];
    expect(await Promise.all(frames.map((frame) => finder.find(frame, true)))).toEqual([[], [], [], []]);
  });

  it('leaves the caller its frame', async () => {
    const frame = grey(640, 480);
    await finder.find(frame, true);
    expect(frame.data).toHaveLength(460_800);
  });

  it('rejects what is pending and what comes later when it is closed', async () => {
    const closing = await openFaceFinder({ inputSize: 128, backend: 'wasm' });
    const pending = closing.find(grey(640, 480), true);
    const rejected = expect(pending).rejects.toMatchObject({ name: 'VisionError', code: 'closed' });
    await closing.close();
    await rejected;
    await expect(closing.find(grey(640, 480), true)).rejects.toMatchObject({ code: 'closed' });
  });

  it('rejects what is pending and what comes later when its thread dies', async () => {
    const dying =
      "require('node:worker_threads').parentPort.on('message', () => { throw new Error('out of memory'); })";
    const broken = new WorkerFaceFinder(new Worker(dying, { eval: true }), 'wasm');
    const ended = {
      name: 'VisionError',
      code: 'worker-ended',
      message: 'the vision worker failed: out of memory',
    };
    await expect(broken.find(grey(64, 64), true)).rejects.toMatchObject(ended);
    await expect(broken.find(grey(64, 64), true)).rejects.toMatchObject(ended);
    await broken.close();
  });

  it('says that a backend is not there', async () => {
    await expect(openFaceFinder({ backend: 'tfjs-node' })).rejects.toMatchObject({
      name: 'VisionError',
      code: 'backend',
    });
  });
});

describe('the native backend', () => {
  it('gives the same boxes as WebAssembly within 2 pixels, where it is installed', async (context) => {
    const native = await LocalFaceFinder.open({ backend: 'tfjs-node' }).catch(() => null);
    if (native === null) return context.skip('@tensorflow/tfjs-node is not installed');
    const frames = (await sceneFrames(1, seededRandom(9))).slice(0, 12).map(({ frame }) => frame);
    const nativeFaces = frames.map((frame) => native.find(frame, true));
    const wasm = await openFaceFinder({ backend: 'wasm' });
    for (const [at, frame] of frames.entries()) {
      const faces = await wasm.find(frame, true);
      expect(faces).toHaveLength(nativeFaces[at]?.length ?? -1);
      faces.forEach(({ box }, index) => {
        const other = nativeFaces[at]?.[index]?.box;
        expect(Math.abs(box.x - (other?.x ?? Number.NaN))).toBeLessThan(2);
        expect(Math.abs(box.y - (other?.y ?? Number.NaN))).toBeLessThan(2);
        expect(Math.abs(box.width - (other?.width ?? Number.NaN))).toBeLessThan(2);
      });
    }
    await wasm.close();
  });
});

describe('the face finder before drawn visitors', () => {
  it('finds every face and takes nobody turned away, no hand and no cup for one', async () => {
    const finder = await LocalFaceFinder.open({ backend: 'wasm' });
    const frames = (await sceneFrames(1, seededRandom(31))).slice(0, 24);
    const seen = frames.map(({ frame, face }) => ({ face, found: finder.find(frame, false) }));
    finder.dispose();
    expect(seen.filter(({ face }) => face !== null).length).toBeGreaterThanOrEqual(6);
    for (const { face, found } of seen) {
      expect(found).toHaveLength(face === null ? 0 : 1);
      if (face !== null) expect(intersectionOverUnion(found[0]?.box ?? face, face)).toBeGreaterThan(0.3);
    }
  });
});

describe('the mask head before drawn visitors', () => {
  it('is right about nearly every crop of them, of any skin, mask colour and light', async () => {
    await openBackend('wasm');
    const network = await FaceNetwork.load();
    const samples = await drawnSamples(network, 45, 0.35, seededRandom(2026));
    network.dispose();
    expect(samples.length).toBeGreaterThanOrEqual(81);
    expect(judge(await readMaskHead(), samples).accuracy).toBeGreaterThanOrEqual(0.97);
  });
});

describeWithSharedData('the face finder before photographed faces', () => {
  const photos = labelledPhotos(sharedData('faces')).filter((photo) => photo.heldOut);
  const some = [
    ...photos.filter((photo) => photo.worn).slice(0, 30),
    ...photos.filter((photo) => !photo.worn).slice(0, 30),
  ];

  it('finds them with their masks, in the order asked, and keeps no tensor', async () => {
    const staged = await Promise.all(some.map((photo) => stagePhoto(photo.file)));
    const finder = await LocalFaceFinder.open({ inputSize: 160, backend: 'wasm' });
    finder.find(staged[0]?.frame ?? grey(480, 480), true);
    const tensors = tf.memory().numTensors;
    const found = staged.map(({ frame }) => finder.find(frame, true)[0]);
    expect(tf.memory().numTensors).toBe(tensors);
    finder.dispose();
    const seen = found.filter((face) => face !== undefined);
    expect(seen.length).toBeGreaterThanOrEqual(57);
    const right = found.filter((face, at) => face && (face.maskProbability ?? 0.5) > 0.5 === some[at]?.worn);
    expect(right.length / seen.length).toBeGreaterThanOrEqual(0.93);

    const worker = await openFaceFinder({ inputSize: 160, backend: 'wasm' });
    const first = await Promise.all(staged.slice(0, 8).map(({ frame }) => worker.find(frame, true)));
    await worker.close();
    expect(first.map((faces) => faces[0])).toEqual(found.slice(0, 8));
  });

  it.each(INPUT_SIZES)('tells where the face lies in the whole frame, at %i pixels', async (inputSize) => {
    const { frame, place } = await stagePhoto(some[40]?.file ?? '');
    const finder = await LocalFaceFinder.open({ inputSize, backend: 'wasm' });
    const wide = widen(frame);
    const [face] = finder.find(wide, true);
    finder.dispose();
    expect(face?.keyPoints).toHaveLength(6);
    for (const point of face?.keyPoints.slice(0, 4) ?? []) {
      expect(point.x).toBeGreaterThan(80 + place.x);
      expect(point.x).toBeLessThan(80 + place.x + place.width);
    }
  });
});

/** The square frame with 80 grey columns on either side. */
function widen(frame: CameraFrame): CameraFrame {
  const wide = grey(frame.width + 160, frame.height);
  const copy = (from: number, to: number, width: number, rows: number, pad: number): void => {
    for (let row = 0; row < rows; row++) {
      wide.data.set(
        frame.data.subarray(from + row * width, from + (row + 1) * width),
        to + row * (width + 2 * pad) + pad,
      );
    }
  };
  const { width, height } = frame;
  const [luma, wideLuma] = [width * height, wide.width * height];
  copy(0, 0, width, height, 80);
  copy(luma, wideLuma, width / 2, height / 2, 40);
  copy(luma * 1.25, wideLuma * 1.25, width / 2, height / 2, 40);
  return wide;
}
