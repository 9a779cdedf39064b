import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';

const GREY = 128;

/** A camera that sees an even grey, for thermal recordings without pictures. */
export function blankCamera(
  clock: Clock,
  size: Readonly<{ width: number; height: number }>,
  rateHz: number,
): Camera {
  const data = new Uint8Array((size.width * size.height * 3) / 2).fill(GREY);
  return {
    ...size,
    async capture(signal): Promise<CameraFrame> {
      // The next frame of a camera that runs on by itself.
      const frame = Math.floor((clock.nowMs() * rateHz) / 1000) + 1;
      await clock.sleep((1000 * frame) / rateHz - clock.nowMs(), signal);
      return { ...size, atMs: clock.nowMs(), data: data.slice() };
    },
    close: () => Promise.resolve(),
  };
}
