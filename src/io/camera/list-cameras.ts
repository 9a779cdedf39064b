import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CameraError } from '../../ports/camera.ts';
import { notStarted, stopped } from './camera-program.ts';
import { INSTALL_RPICAM, NO_RPICAM } from './rpicam.ts';

/** What a sensor can give. */
export type CameraMode = Readonly<{
  /** Pixel format of the sensor, such as `SRGGB10_CSI2P`. */
  format: string;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** null if the camera does not say. */
  maxFrameRateHz: number | null;
}>;

/** A camera as rpicam-apps list it. */
export type ListedCamera = Readonly<{
  /** What `cameraIndex` of the gate's camera means. */
  index: number;
  /** The sensor, such as `imx219`. */
  model: string;
  /** Where it is attached: its path in the device tree. */
  id: string;
  modes: readonly CameraMode[];
}>;

const LONGEST_MS = 15_000;
const run = promisify(execFile);

/**
 * The Raspberry Pi cameras of this machine; at least one. Rejects with CameraError. A camera in use may be listed without
 * its modes, so ask before the gate runs.
 */
export async function listCameras(executable = 'rpicam-hello'): Promise<readonly ListedCamera[]> {
  const cameras = parseCameraList(await cameraList(executable));
  if (cameras.length === 0) throw new CameraError('camera-missing', NO_RPICAM);
  return cameras;
}

async function cameraList(executable: string): Promise<string> {
  try {
    const { stdout } = await run(executable, ['--list-cameras'], {
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    return stdout;
  } catch (cause) {
    throw listingError(executable, cause);
  }
}

function listingError(executable: string, cause: unknown): CameraError {
  const program = { executable, args: [], installWith: INSTALL_RPICAM, complaints: [] };
  const failed = cause as Error & { code?: unknown; killed?: boolean; stderr?: string };
  if (typeof failed.code === 'string') return notStarted(program, failed);
  if (failed.killed === true) {
    return new CameraError('camera-silent', `${executable} gave no answer for ${LONGEST_MS / 1000} s`);
  }
  const exitCode = typeof failed.code === 'number' ? failed.code : null;
  return stopped(program, { exitCode, signal: null }, (failed.stderr ?? '').trim().split('\n'));
}

const CAMERA = /^(\d+) : (\S+) .*\((.*)\)$/;
const FORMAT = /'([^']+)' :/;
const MODE = /(\d+)x(\d+) \[([\d.]+|-?nan|inf) fps/;

/** Reads what `rpicam-hello --list-cameras` writes to stdout. */
function parseCameraList(text: string): readonly ListedCamera[] {
  const cameras: (ListedCamera & { modes: CameraMode[] })[] = [];
  let format = '';
  for (const line of text.split('\n')) {
    const [, index, model, id] = CAMERA.exec(line) ?? [];
    if (index !== undefined && model !== undefined && id !== undefined) {
      cameras.push({ index: Number(index), model, id, modes: [] });
    }
    format = FORMAT.exec(line)?.[1] ?? format;
    const [, width, height, rate] = MODE.exec(line) ?? [];
    const maxFrameRateHz = Number.isFinite(Number(rate)) ? Number(rate) : null;
    if (width !== undefined) {
      cameras.at(-1)?.modes.push({ format, width: Number(width), height: Number(height), maxFrameRateHz });
    }
  }
  return cameras;
}
