import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { VisionError } from './vision-error.ts';

/** What may be asked for: `auto` takes tfjs-node where it is installed and works, else wasm. */
export type BackendChoice = 'auto' | 'wasm' | 'tfjs-node';
/** What runs. */
export type Backend = Exclude<BackendChoice, 'auto'>;

/** Optional native package; named by a variable so that its absence is no type error. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node';

/** Makes the wanted backend the one of this thread. Rejects with VisionError `backend`. */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice !== 'wasm') {
    const failure = await tryNative();
    if (failure === null) return 'tfjs-node';
    if (choice === 'tfjs-node') throw failure;
  }
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(main) + sep);
  await use('wasm');
  return 'wasm';
}

/** Null when the native backend runs now. */
async function tryNative(): Promise<VisionError | null> {
  try {
    const version = nativeVersion(await import(NATIVE_PACKAGE));
    if (version !== tf.version_core) {
      return new VisionError(
        'backend',
        `${NATIVE_PACKAGE} carries tfjs-core ${version}, not ${tf.version_core}`,
      );
    }
    await use('tensorflow');
    return null;
  } catch (cause) {
    return new VisionError('backend', `${NATIVE_PACKAGE} is not usable: ${String(cause)}`, { cause });
  }
}

/** The tfjs-core version that the native package says it was built with. */
function nativeVersion(loaded: unknown): string {
  const version = memberOf(loaded, 'version') ?? memberOf(memberOf(loaded, 'default'), 'version');
  return String(memberOf(version, 'tfjs-core'));
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function use(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new VisionError('backend', `tfjs backend ${name} did not start`);
  await tf.ready();
}
