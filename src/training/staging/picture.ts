import sharp from 'sharp';
import type { Face } from '../../domain/face.ts';
import type { Point } from '../../domain/geometry.ts';

/** An RGB picture under construction, 3 bytes a pixel, row-major, and where the one face in it lies. */
export type FacePicture = Readonly<{ width: number; height: number; rgb: Uint8Array; face: Face }>;

/** Decodes a photo at another size. Rejects as sharp does when it is no picture. */
export async function decodePhoto(
  file: string,
  size: Readonly<{ width: number; height: number }>,
  mirrored = false,
): Promise<Uint8Array> {
  return await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .resize({ ...size, fit: 'fill' })
    .flop(mirrored)
    .raw({ depth: 'uchar' })
    .toBuffer();
}

/** A face after its picture was stretched, and turned over if `mirroredIn` gives the new picture's width. */
export function movedFace(
  { box, score, keyPoints }: Face,
  scaleX: number,
  scaleY: number,
  mirroredIn: number | null,
): Face {
  const across = (x: number): number => (mirroredIn === null ? x * scaleX : mirroredIn - x * scaleX);
  const [first, second, nose, mouth, firstEar, secondEar] = keyPoints.map(({ x, y }): Point => {
    return { x: across(x), y: y * scaleY };
  });
  const left = mirroredIn === null ? across(box.x) : across(box.x + box.width);
  const inOrder =
    mirroredIn === null
      ? [first, second, nose, mouth, firstEar, secondEar]
      : [second, first, nose, mouth, secondEar, firstEar];
  return {
    score,
    box: { x: left, y: box.y * scaleY, width: box.width * scaleX, height: box.height * scaleY },
    keyPoints: inOrder.filter((point) => point !== undefined),
  };
}
