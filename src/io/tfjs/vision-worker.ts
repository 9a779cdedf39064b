import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type FaceFinderOptions, LocalFaceFinder } from './face-finder.ts';
import { VisionError } from './vision-error.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** Every other thread of the gate goes first: on Linux, 0 is the calling thread alone. */
const NICENESS = 10;

/** The whole vision on a thread of its own; worker-face-finder.ts is its other end. */
async function serve(options: FaceFinderOptions): Promise<void> {
  // Looking may wait, reading the sensor may not.
  os.setPriority(0, NICENESS);
  try {
    const finder = await LocalFaceFinder.open(options);
    parentPort?.on('message', (request: WorkerRequest) => reply(answer(finder, request)));
    reply({ kind: 'ready', backend: finder.backend });
  } catch (error) {
    reply({ kind: 'failed-to-start', ...told(error) });
  }
}

function answer(finder: LocalFaceFinder, { id, frame, judgeMasks }: WorkerRequest): WorkerReply {
  try {
    return { kind: 'faces', id, faces: finder.find(frame, judgeMasks) };
  } catch (error) {
    return { kind: 'failed', id, ...told(error) };
  } finally {
    // Nobody else has this copy: the picture ends here.
    frame.data.fill(0);
  }
}

function told(error: unknown): Pick<VisionError, 'code' | 'message'> {
  if (error instanceof VisionError) return { code: error.code, message: error.message };
  return { code: 'inference', message: error instanceof Error ? error.message : String(error) };
}

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}

await serve(workerData);
