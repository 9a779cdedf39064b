import { readdir } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { faceStill } from '../../src/camera/face-still.ts';
import { pixelate } from '../../src/camera/pixelate.ts';
import { rgbToI420 } from '../../src/camera/rgb-to-i420.ts';
import type { CameraFrame } from '../../src/domain/camera-frame.ts';
import type { Still } from '../../src/domain/still.ts';
import { readImage } from '../../src/io/image/read-image.ts';
import { stillJpeg } from '../../src/io/image/still-jpeg.ts';
import { openFaceFinder } from '../../src/io/tfjs/worker-face-finder.ts';
import type { FaceFinder } from '../../src/ports/face-finder.ts';
import { jpegSegments } from '../support/jpeg-segments.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';

/** The two ends, quantisation, baseline frame, Huffman tables, scan: what a picture cannot do without. No APPn, no COM. */
const NEEDED = new Set([0xd8, 0xdb, 0xc0, 0xc4, 0xda, 0xd9]);

const noise = (width: number, height: number): Still => ({
  width,
  height,
  rgb: Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 7919) % 251),
});

test.each([
  [160, 200],
  [81, 101],
  [1, 1],
])('a still of %i x %i pixels becomes a JPEG of that size without any metadata', async (width, height) => {
  const jpeg = await stillJpeg(noise(width, height));
  const segments = jpegSegments(jpeg);
  expect(segments.filter(({ marker }) => !NEEDED.has(marker))).toEqual([]);
  const { width: decodedWidth, height: decodedHeight, exif, icc, xmp, iptc } = await sharp(jpeg).metadata();
  expect([decodedWidth, decodedHeight]).toEqual([width, height]);
  expect([exif, icc, xmp, iptc]).toEqual([undefined, undefined, undefined, undefined]);
});

test('the parser of segments sees metadata where there is some', async () => {
  const { width, height, rgb } = noise(16, 16);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Artist: 'somebody' } })
    .jpeg()
    .toBuffer();
  expect(jpegSegments(jpeg).some(({ marker }) => marker === 0xe1)).toBe(true);
});

describeWithSharedData('with photos of people', () => {
  const PHOTOS = 10;
  const asFrame = (still: Still): CameraFrame => rgbToI420(still.rgb, still.width, still.height, 0);

  test('the detector finds faces in stills, and none in one that is pixelated', {
    timeout: 300_000,
  }, async () => {
    const finders = [
      await openFaceFinder({ inputSize: 256, roi: 'whole' }),
      await openFaceFinder({ inputSize: 160, roi: 'whole' }),
    ];
    const foundIn = async (still: Still): Promise<boolean> => {
      const all = await Promise.all(finders.map((finder: FaceFinder) => finder.find(asFrame(still), false)));
      return all.some((faces) => faces.length > 0);
    };
    try {
      let faces = 0;
      let plain = 0;
      const folder = sharedData('faces/no-mask');
      for (const name of (await readdir(folder)).sort().slice(0, PHOTOS)) {
        const { frame } = await readImage(`${folder}/${name}`);
        const [face] = (await finders[0]?.find(frame, false)) ?? [];
        if (face === undefined) continue;
        faces++;
        const still = faceStill(frame, face.box, []);
        if (await foundIn(still)) plain++;
        pixelate(still);
        expect(await foundIn(still), name).toBe(false);
      }
      expect(faces).toBeGreaterThan(PHOTOS / 2);
      expect(plain).toBeGreaterThan(faces / 4);
    } finally {
      for (const finder of finders) await finder.close();
    }
  });
});
