import type { Camera } from '../../ports/camera.ts';
import type { CameraProgram, Complaint } from './camera-program.ts';
import { ProgramCamera, type ProgramCameraOptions } from './program-camera.ts';
import { readRpicamMetadata } from './rpicam-metadata.ts';

export type RpicamOptions = ProgramCameraOptions &
  Readonly<{
    /** `rpicam-vid` if not said. */
    executable?: string;
    /** Which camera, as `rpicam-hello --list-cameras` counts them; 0 if not said. */
    cameraIndex?: number;
    /** For a camera mounted upside down. */
    rotationDeg?: 0 | 180;
    hflip?: boolean;
    vflip?: boolean;
  }>;

/** How the programs of the Raspberry Pi camera are installed. */
export const INSTALL_RPICAM = 'sudo apt install rpicam-apps';

/** What to do when there is no Raspberry Pi camera. */
export const NO_RPICAM =
  'no camera found: check its cable at both ends, that /boot/firmware/config.txt has camera_auto_detect=1, ' +
  'and that the user is in group video';

/** How many pixels rpicam-vid fills a row up to. */
const ROW_MULTIPLE = 64;

/**
 * Opens a Raspberry Pi camera by way of `rpicam-vid`; it starts at once. Frames are dated by the sensor's own time stamp.
 * Throws RangeError if the width is no multiple of 64 or the height is odd: rows would come padded.
 */
export function openRpicam(options: RpicamOptions): Camera {
  const { width, height, executable = 'rpicam-vid' } = options;
  if (width % ROW_MULTIPLE !== 0 || height % 2 !== 0) {
    throw new RangeError(`the camera cannot give frames of ${width} x ${height} pixels`);
  }
  const program: CameraProgram = {
    executable,
    args: rpicamArguments(options),
    installWith: INSTALL_RPICAM,
    complaints: complaints(options.cameraIndex ?? 0),
  };
  return new ProgramCamera(program, options, readRpicamMetadata);
}

function rpicamArguments(options: RpicamOptions): readonly string[] {
  const { width, height, frameRateHz, cameraIndex, rotationDeg = 0, hflip = false, vflip = false } = options;
  return [
    ...['-t', '0', '-n', '--codec', 'yuv420'],
    ...['--width', String(width), '--height', String(height), '--framerate', String(frameRateHz)],
    ...(cameraIndex === undefined ? [] : ['--camera', String(cameraIndex)]),
    ...(rotationDeg === 0 ? [] : ['--rotation', String(rotationDeg)]),
    ...(hflip ? ['--hflip'] : []),
    ...(vflip ? ['--vflip'] : []),
    ...['--metadata', '/dev/fd/3', '--metadata-format', 'txt'],
    // Without it the end of a frame is held back until the next one.
    '--flush',
    ...['-o', '-'],
  ];
}

function complaints(cameraIndex: number): readonly Complaint[] {
  return [
    { says: /no cameras available/i, code: 'camera-missing', message: NO_RPICAM },
    {
      says: /selected camera is not available/,
      code: 'camera-missing',
      message: `there is no camera number ${cameraIndex}; rpicam-hello --list-cameras shows what there is`,
    },
    {
      says: /failed to acquire camera|in use by another process/,
      code: 'camera-busy',
      message: 'the camera is in use by another program',
    },
    {
      says: /legacy camera stack/,
      code: 'camera-missing',
      message: 'the legacy camera is switched on; switch it off with raspi-config and restart',
    },
    {
      says: /only supports the Raspberry Pi platforms/,
      code: 'camera-missing',
      message: 'rpicam-vid works on a Raspberry Pi only; for a USB camera choose v4l2',
    },
  ];
}
