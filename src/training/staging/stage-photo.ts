import sharp from 'sharp';
import { rgbToI420 } from '../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Rect } from '../domain/geometry.ts';
import type { Random } from '../simulation/random.ts';

/** Side of the frames that photos are put on: what the gate's camera shows the detector, pixels. */
export const FRAME_SIDE = 480;

/** How a photo is put before the camera. */
export type Staging = Readonly<{
  /** Height of the photo in the frame, pixels. */
  heightPx: number;
  mirrored: boolean;
  /** Sigma of a soft focus, pixels; 0 for none (else at least 0.3). */
  blurPx: number;
  /** Grey of the frame around the photo. */
  surround: number;
}>;

/** The staging that figures are reported for. */
export const PLAIN_STAGING: Staging = { heightPx: 260, mirrored: false, blurPx: 0, surround: 128 };

export function randomStaging(random: Random): Staging {
  return {
    heightPx: Math.round(130 + 290 * random.uniform()),
    mirrored: random.uniform() < 0.5,
    blurPx: random.uniform() < 0.35 ? 0.4 + 1.8 * random.uniform() : 0,
    surround: Math.round(255 * random.uniform()),
  };
}

/** The photo in the middle of a grey frame, and where it lies. */
export async function stagePhoto(
  file: string,
  staging: Staging,
): Promise<{ frame: CameraFrame; place: Rect }> {
  const { heightPx, mirrored, blurPx, surround } = staging;
  let photo = sharp(file).removeAlpha().toColourspace('srgb');
  photo = photo.resize({ height: heightPx, width: FRAME_SIDE, fit: 'inside' }).flop(mirrored);
  if (blurPx > 0) photo = photo.blur(blurPx);
  const { data, info } = await photo.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const rgb = new Uint8Array(FRAME_SIDE * FRAME_SIDE * 3).fill(surround);
  const left = (FRAME_SIDE - info.width) >> 1;
  const top = (FRAME_SIDE - info.height) >> 1;
  for (let row = 0; row < info.height; row++) {
    const line = data.subarray(row * info.width * 3, (row + 1) * info.width * 3);
    rgb.set(line, ((top + row) * FRAME_SIDE + left) * 3);
  }
  const frame = rgbToI420(rgb, FRAME_SIDE, FRAME_SIDE, 0);
  return { frame, place: { x: left, y: top, width: info.width, height: info.height } };
}

/** The same frame under other light: dimmer or brighter, paler or more colourful, with sensor noise. */
export function relight(frame: CameraFrame, random: Random): CameraFrame {
  const gain = 0.45 + 0.85 * random.uniform();
  const offset = 40 * random.uniform() - 10;
  const colour = 0.5 + random.uniform();
  const castU = 16 * (random.uniform() - 0.5);
  const castV = 16 * (random.uniform() - 0.5);
  const noise = random.uniform() < 0.5 ? 8 * random.uniform() : 0;
  const luma = frame.width * frame.height;
  const data = new Uint8ClampedArray(frame.data.length);
  frame.data.forEach((value, at) => {
    if (at < luma) data[at] = value * gain + offset + (noise > 0 ? noise * random.normal() : 0);
    else data[at] = 128 + (value - 128) * colour + (at < luma * 1.25 ? castU : castV);
  });
  return { ...frame, data: new Uint8Array(data.buffer) };
}
