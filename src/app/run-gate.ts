import { type FrameSketch, hasChanged, sketchOf } from '../camera/frame-change.ts';
import { masksWanted, nextLookAfterMs } from '../gate/gate.ts';
import type { Part } from '../gate/types.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import type { Log } from '../ports/log.ts';
import type { RawSubpage } from '../thermal/mlx90640/raw-subpage.ts';
import type { GateLoop } from './gate-loop.ts';

/** Where the running gate's inputs come from. */
export type GateSources = Readonly<{
  clock: Clock;
  loop: GateLoop;
  /** Raw subpages as they come; throws when the sensor fails, and is asked again after a back-off. */
  subpages: (signal: AbortSignal) => AsyncIterable<RawSubpage>;
  camera: Camera;
  faceFinder: FaceFinder;
  log: Log;
}>;

const TICK_MS = 250;
/** How often an idle gate looks whether somebody has come. */
const IDLE_POLL_MS = 50;
/** A picture in which no face was found is looked at again after so long even if nothing in it has moved. */
const SAME_PICTURE_AGAIN_MS = 800;
const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 8000;

/**
 * Runs the gate until `signal` aborts: thermal, vision and time feed the loop, each at its own pace. A failed sensor or
 * camera puts the gate out of service and is tried again, ever less often, until it works.
 */
export async function runGate(sources: GateSources, signal: AbortSignal): Promise<void> {
  await Promise.all([
    keepTrying('thermal', sources, signal, (works) => thermalInputs(sources, signal, works)),
    keepTrying('camera', sources, signal, (works) => visionInputs(sources, signal, works)),
    ticks(sources, signal),
  ]);
}

async function thermalInputs(sources: GateSources, signal: AbortSignal, works: () => void): Promise<void> {
  for await (const raw of sources.subpages(signal)) {
    works();
    sources.loop.accept({ kind: 'subpage', raw });
  }
}

async function visionInputs(sources: GateSources, signal: AbortSignal, works: () => void): Promise<void> {
  const { clock, loop, camera, faceFinder } = sources;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  /** The last frame in which no face was found. */
  let faceless: Readonly<{ sketch: FrameSketch; atMs: number }> | null = null;
  while (!signal.aborted) {
    const afterMs = nextLookAfterMs(loop.state);
    const waitMs = afterMs === null ? IDLE_POLL_MS : lookedAtMs + afterMs - clock.nowMs();
    if (waitMs > 0) {
      await clock.sleep(Math.min(waitMs, IDLE_POLL_MS), signal);
      continue;
    }
    const frame = await camera.capture(signal);
    lookedAtMs = frame.atMs;
    try {
      const sketch = sketchOf(frame);
      // The same picture gives the same answer. What is not looked at is no input: a replay does not miss it.
      if (faceless !== null && frame.atMs - faceless.atMs < SAME_PICTURE_AGAIN_MS) {
        if (!hasChanged(faceless.sketch, sketch)) continue;
      }
      const judgeMasks = masksWanted(loop.state);
      const faces = await faceFinder.find(frame, judgeMasks);
      faceless = faces.length === 0 ? { sketch, atMs: frame.atMs } : null;
      works();
      loop.accept({ kind: 'frame', frame, judgeMasks, faces });
    } finally {
      // Whoever was to keep it has a copy: a face stays in memory no longer than it is looked at.
      frame.data.fill(0);
    }
  }
}

async function ticks({ clock, loop }: GateSources, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(TICK_MS, signal).catch(() => undefined);
    if (!signal.aborted) loop.accept({ kind: 'tick', atMs: clock.nowMs() });
  }
}

async function keepTrying(
  part: Part,
  { clock, loop, log }: GateSources,
  signal: AbortSignal,
  run: (works: () => void) => Promise<void>,
): Promise<void> {
  let retryMs = RETRY_FIRST_MS;
  let failed = false;
  const works = (): void => {
    if (failed) {
      log.info({ part }, 'works again');
      loop.accept({ kind: 'fault', atMs: clock.nowMs(), part, failed: false });
    }
    failed = false;
    retryMs = RETRY_FIRST_MS;
  };
  while (!signal.aborted) {
    try {
      await run(works);
      if (!signal.aborted) throw new Error(`the ${part} input ended`);
    } catch (error) {
      if (signal.aborted) return;
      failed = true;
      log.error({ part, retryMs, error: describe(error) }, 'failed, trying again');
      loop.accept({ kind: 'fault', atMs: clock.nowMs(), part, failed: true });
      await clock.sleep(retryMs, signal).catch(() => undefined);
      retryMs = Math.min(RETRY_LONGEST_MS, retryMs * 2);
    }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? `${String(error.code)}: ${error.message}` : error.message;
}
