import type { Config } from '../config/schema.ts';
import { openRpicam } from '../io/camera/rpicam.ts';
import { openV4l2Camera } from '../io/camera/v4l2-camera.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** The configured camera; it starts at once, and its failures come with the first capture. */
export async function openCamera(
  { camera }: Pick<Config, 'camera'>,
  clock: Clock,
  log: Log,
): Promise<Camera> {
  const { width, height, frameRateHz } = camera;
  const frames = { width, height, frameRateHz, clock, log };
  switch (camera.source) {
    case 'rpicam':
      return openRpicam({ ...frames, cameraIndex: camera.index, rotationDeg: camera.rotationDeg });
    case 'v4l2':
      return openV4l2Camera({ ...frames, device: camera.device });
    case 'images': {
      // Nobody else waits for the program that reads pictures.
      const { openImageFolderCamera } = await import('../io/image/image-folder-camera.ts');
      // The configuration is checked: that source has a directory.
      return openImageFolderCamera({ ...frames, directory: camera.directory ?? '.' });
    }
  }
}
