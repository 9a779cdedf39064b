import type { Camera } from '../../ports/camera.ts';
import type { CameraProgram, Complaint } from './camera-program.ts';
import { ProgramCamera, type ProgramCameraOptions } from './program-camera.ts';

export type V4l2CameraOptions = ProgramCameraOptions &
  Readonly<{
    /** `/dev/video0` if not said. */
    device?: string;
    /** Format asked of the camera, such as `mjpeg` or `yuyv422`; ffmpeg's choice if not said. */
    inputFormat?: string;
    /** `ffmpeg` if not said. */
    executable?: string;
    /** ffmpeg's arguments for another input in place of the device, up to and with `-i`; for tests. */
    input?: readonly string[];
  }>;

/**
 * Opens a USB camera (Video4Linux) by way of `ffmpeg`; it starts at once. Frames are dated by their arrival. A picture of
 * another shape is scaled and cropped to the gate's, not distorted.
 */
export function openV4l2Camera(options: V4l2CameraOptions): Camera {
  const { device = '/dev/video0', executable = 'ffmpeg', input = deviceInput(device, options) } = options;
  const program: CameraProgram = {
    executable,
    args: [...LOW_LATENCY, ...input, ...output(options)],
    installWith: 'sudo apt install ffmpeg',
    complaints: complaints(device),
  };
  return new ProgramCamera(program, options);
}

/** One decoding thread: more of them hold back a frame each. */
const LOW_LATENCY = [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'warning'],
  ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-threads', '1'],
] as const;

function deviceInput(device: string, options: V4l2CameraOptions): readonly string[] {
  const { width, height, frameRateHz, inputFormat } = options;
  return [
    ...['-f', 'v4l2', '-framerate', String(frameRateHz), '-video_size', `${width}x${height}`],
    ...(inputFormat === undefined ? [] : ['-input_format', inputFormat]),
    ...['-i', device],
  ];
}

/** Every frame as it comes, none repeated to keep a rate; full range, as the gate's frames are. */
function output({ width, height }: V4l2CameraOptions): readonly string[] {
  const size = `${width}:${height}`;
  const fit = `scale=${size}:force_original_aspect_ratio=increase:out_range=full:out_color_matrix=bt601`;
  return [
    ...['-an', '-vf', `${fit},crop=${size},format=yuv420p`],
    ...['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

function complaints(device: string): readonly Complaint[] {
  return [
    {
      says: /No such (file or directory|device)/i,
      code: 'camera-missing',
      message: `there is no camera ${device}: plug it in; v4l2-ctl --list-devices shows what there is`,
    },
    {
      says: /Permission denied/i,
      code: 'camera-denied',
      message: `the user may not open ${device}; add it to group video: sudo usermod -aG video $USER, then log in anew`,
    },
    { says: /resource busy/i, code: 'camera-busy', message: `${device} is in use by another program` },
    {
      says: /Not a video capture device|Inappropriate ioctl/i,
      code: 'camera-missing',
      message: `${device} is no camera; v4l2-ctl --list-devices shows which is`,
    },
  ];
}
