import sharp from 'sharp';
import type { Still } from '../../domain/still.ts';

/** Enough to tell that it is this visitor; a still takes 4 to 10 KB. */
const QUALITY = 80;

/** A still as a baseline JPEG that tells nothing but its pixels: no EXIF, no profile, no comment, no thumbnail. */
export async function stillJpeg({ width, height, rgb }: Still): Promise<Uint8Array> {
  // sharp writes metadata only when asked to keep it.
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
