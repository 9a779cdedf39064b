import type { Config } from '../config/schema.ts';
import { listCameras } from '../io/camera/list-cameras.ts';
import { type Camera, CameraError } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import { type Finding, failedBy, ok, warning } from './finding.ts';

const CHECK = 'camera';
const WATCH_MS = 3000;
/** Share of the configured frame rate below which frames are missing. */
const RATE_REACHED = 0.7;

/** Takes frames for a while. */
export async function checkCamera(
  { camera: wanted }: Config,
  camera: Camera,
  clock: Clock,
): Promise<Finding> {
  try {
    const name = await nameOf(wanted);
    const first = await camera.capture();
    let frames = 0;
    let last = first;
    while (last.atMs - first.atMs < WATCH_MS) {
      last = await camera.capture(AbortSignal.timeout(WATCH_MS));
      frames++;
    }
    const rateHz = (frames / (last.atMs - first.atMs)) * 1000;
    const delayMs = clock.nowMs() - last.atMs;
    const found = `${name}, ${last.width}x${last.height}, ${rateHz.toFixed(1)} frames a second, ${delayMs.toFixed(0)} ms old`;
    if (rateHz >= wanted.frameRateHz * RATE_REACHED) return ok(CHECK, found);
    return warning(
      CHECK,
      `${found} of ${wanted.frameRateHz}`,
      'give the camera more light, or lower camera.frameRateHz',
    );
  } catch (error) {
    if (error instanceof CameraError) return failedBy(CHECK, error);
    throw error;
  }
}

async function nameOf({ source, device, directory, index }: Config['camera']): Promise<string> {
  switch (source) {
    case 'rpicam': {
      const listed = await listCameras().catch(() => []);
      return listed.find((one) => one.index === index)?.model ?? `camera ${index}`;
    }
    case 'v4l2':
      return device;
    case 'images':
      return `pictures of ${directory ?? ''}`;
  }
}
