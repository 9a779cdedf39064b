import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import type { SeenFace } from '../../domain/face.ts';
import type { FaceFinder } from '../../ports/face-finder.ts';
import type { FaceFinderOptions } from './face-finder.ts';
import type { Backend } from './tensorflow.ts';
import { VisionError } from './vision-error.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

type Pending = Readonly<{
  resolve: (faces: readonly SeenFace[]) => void;
  reject: (error: VisionError) => void;
}>;

/** A face finder on a worker thread: the caller's thread only copies the frame. */
export class WorkerFaceFinder implements FaceFinder {
  readonly backend: Backend;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: VisionError | null = null;

  constructor(worker: Worker, backend: Backend) {
    this.backend = backend;
    this.#worker = worker;
    worker.on('message', (message: WorkerReply) => this.#settle(message));
    worker.on('error', (cause) => this.#end(endedBy(cause)));
    worker.on('exit', (code) =>
      this.#end(new VisionError('worker-ended', `the vision worker ended with code ${code}`)),
    );
  }

  /** Faces of the frame, best first; frames are answered in order. Rejects with VisionError. */
  find(frame: CameraFrame, judgeMasks: boolean): Promise<readonly SeenFace[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      const request: WorkerRequest = {
        id,
        judgeMasks,
        frame: { ...frame, data: Uint8Array.from(frame.data) },
      };
      this.#worker.postMessage(request, [request.frame.data.buffer as ArrayBuffer]);
    });
  }

  /** Ends the worker; what is pending is rejected with code `closed`. */
  async close(): Promise<void> {
    this.#end(new VisionError('closed', 'the face finder is closed'));
    await this.#worker.terminate();
  }

  #settle(message: WorkerReply): void {
    if (message.kind !== 'faces' && message.kind !== 'failed') return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (pending === undefined) return;
    if (message.kind === 'faces') pending.resolve(message.faces);
    else pending.reject(new VisionError(message.code, message.message));
  }

  #end(error: VisionError): void {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** Starts the worker and resolves when it has its models. Rejects with VisionError. */
export async function openFaceFinder(options: FaceFinderOptions = {}): Promise<WorkerFaceFinder> {
  const worker = startVisionWorker(options);
  try {
    return new WorkerFaceFinder(worker, await firstWord(worker));
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** Starts the thread itself. dist/ holds .js; under vitest and tsx the sources run, and Node 20 reads .ts on a thread only with tsx's help. */
export function startVisionWorker(workerData: FaceFinderOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./vision-worker.js', import.meta.url), { workerData });
  }
  const tsx = new URL('./api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')))
    .href;
  const source = new URL('./vision-worker.ts', import.meta.url).href;
  const start = `import('${tsx}').then(({ register }) => { register(); return import('${source}'); })`;
  return new Worker(start, { eval: true, workerData, execArgv: [] });
}

async function firstWord(worker: Worker): Promise<Backend> {
  return await new Promise((resolve, reject) => {
    worker.once('message', (message: WorkerReply) => {
      if (message.kind === 'ready') resolve(message.backend);
      else if (message.kind === 'failed-to-start') reject(new VisionError(message.code, message.message));
    });
    worker.once('error', (cause) => reject(endedBy(cause)));
    worker.once('exit', (code) =>
      reject(new VisionError('worker-ended', `the vision worker ended with code ${code}`)),
    );
  });
}

function endedBy(cause: unknown): VisionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new VisionError('worker-ended', `the vision worker failed: ${reason}`, { cause });
}
