import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { CameraFrame } from '../../src/domain/camera-frame.ts';
import type { SeenFace } from '../../src/domain/face.ts';
import type { Point, Rect } from '../../src/domain/geometry.ts';
import { startVisionWorker } from '../../src/io/tfjs/worker-face-finder.ts';
import type { WorkerReply, WorkerRequest } from '../../src/io/tfjs/worker-messages.ts';
import { seededRandom } from '../../src/simulation/random.ts';
import { drawnVisitor } from '../../src/training/drawn-samples.ts';

type Faces = Extract<WorkerReply, { kind: 'faces' }>;

describe('what the vision thread tells of a face', () => {
  test('by its type: a box, key points, a score and the chance of a mask, and nothing else', () => {
    expectTypeOf<keyof Faces>().toEqualTypeOf<'kind' | 'id' | 'faces'>();
    expectTypeOf<Faces['faces'][number]>().toEqualTypeOf<SeenFace>();
    expectTypeOf<keyof SeenFace>().toEqualTypeOf<'box' | 'score' | 'keyPoints' | 'maskProbability'>();
    expectTypeOf<SeenFace['box']>().toEqualTypeOf<Rect>();
    expectTypeOf<keyof Rect>().toEqualTypeOf<'x' | 'y' | 'width' | 'height'>();
    expectTypeOf<SeenFace['keyPoints']>().toEqualTypeOf<readonly Point[]>();
    expectTypeOf<keyof Point>().toEqualTypeOf<'x' | 'y'>();
    expectTypeOf<SeenFace['score']>().toEqualTypeOf<number>();
    expectTypeOf<SeenFace['maskProbability']>().toEqualTypeOf<number | null>();
  });
});

describe('the real thread', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = startVisionWorker({ backend: 'wasm' });
    expect(await nextReply(worker)).toMatchObject({ kind: 'ready' });
  });
  afterAll(() => worker.terminate());

  test('replies with those keys, 18 numbers a face, and wipes the frame it was given', async () => {
    const { frame: drawn } = await drawnVisitor('worn', seededRandom(4));
    // Memory that both threads see, in place of the copy that a gate's thread hands over.
    const data = new Uint8Array(new SharedArrayBuffer(drawn.data.length));
    data.set(drawn.data);
    const frame: CameraFrame = { ...drawn, data };
    const request: WorkerRequest = { id: 1, frame, judgeMasks: true };
    worker.postMessage(request);
    const reply = await nextReply(worker);

    if (reply.kind !== 'faces') throw new Error(reply.kind);
    expect(new Set(Object.keys(reply))).toEqual(new Set(['faces', 'id', 'kind']));
    expect(reply.faces).toHaveLength(1);
    for (const face of reply.faces) {
      expect(new Set(Object.keys(face))).toEqual(new Set(['box', 'keyPoints', 'maskProbability', 'score']));
      expect(new Set(Object.keys(face.box))).toEqual(new Set(['height', 'width', 'x', 'y']));
      expect(face.keyPoints).toHaveLength(6);
      for (const point of face.keyPoints) expect(new Set(Object.keys(point))).toEqual(new Set(['x', 'y']));
      expect(numbersIn(face)).toBe(18);
    }
    await expect.poll(() => data.every((byte) => byte === 0)).toBe(true);
  });
});

function nextReply(worker: Worker): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Numbers anywhere in a value; anything else than numbers in plain objects and arrays throws. */
function numbersIn(value: unknown): number {
  if (typeof value === 'number') return 1;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value))
    throw new TypeError(String(value));
  return Object.values(value).reduce((total: number, part: unknown) => total + numbersIn(part), 0);
}
