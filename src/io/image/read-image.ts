import sharp from 'sharp';
import { rgbToI420 } from '../../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';

/** A file that is no picture, or cannot be read. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** Largest picture taken, pixels: 50 megapixels need 75 MB as a frame. */
const MOST_PIXELS = 50_000_000;

/** A JPEG or PNG file turned as its EXIF orientation says. */
export type Picture = Readonly<{
  /** The picture's own sides, pixels; an odd one is one less than the frame's. */
  width: number;
  height: number;
  /** width x height x 3 bytes, row by row. */
  rgb: Uint8Array;
  frame: CameraFrame;
}>;

/** Decodes a picture into a camera frame at time 0; transparent parts are white. Rejects with ImageError. */
export async function readImage(file: string): Promise<Picture> {
  try {
    const { data, info } = await sharp(file, { limitInputPixels: MOST_PIXELS })
      .autoOrient()
      .toColourspace('srgb')
      .flatten({ background: '#ffffff' })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const rgb = channels === 3 ? data : spreadGrey(data, channels);
    return { width, height, rgb, frame: rgbToI420(rgb, width, height, 0) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImageError(`cannot read picture ${file}: ${reason}`, { cause });
  }
}

/** A grey picture's first channel, three times. */
function spreadGrey(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let to = 0; to < rgb.length; to++) rgb[to] = data[Math.floor(to / 3) * channels] ?? 0;
  return rgb;
}
