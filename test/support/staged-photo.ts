import sharp from 'sharp';
import { rgbToI420 } from '../../src/camera/rgb-to-i420.ts';
import type { CameraFrame } from '../../src/domain/camera-frame.ts';
import type { Rect } from '../../src/domain/geometry.ts';

const FRAME_SIDE = 480;
const PHOTO_HEIGHT = 260;

/** A photo in the middle of a grey frame, 260 pixels tall, and where it lies. */
export async function stagePhoto(file: string): Promise<Readonly<{ frame: CameraFrame; place: Rect }>> {
  const photo = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .resize({ height: PHOTO_HEIGHT, width: FRAME_SIDE, fit: 'inside' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = photo.info;
  const [left, top] = [(FRAME_SIDE - width) >> 1, (FRAME_SIDE - height) >> 1];
  const rgb = await sharp({
    create: { width: FRAME_SIDE, height: FRAME_SIDE, channels: 3, background: '#808080' },
  })
    .composite([{ input: photo.data, left, top }])
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  return { frame: rgbToI420(rgb, FRAME_SIDE, FRAME_SIDE, 0), place: { x: left, y: top, width, height } };
}
