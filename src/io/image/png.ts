import sharp from 'sharp';

/** Writes a PNG file. `rgb` holds width x height x 3 bytes, row by row. */
export async function writeRgbPng(
  path: string,
  width: number,
  height: number,
  rgb: Uint8Array,
): Promise<void> {
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

/** Writes an SVG drawing as a PNG file. */
export async function writeSvgPng(path: string, svg: string): Promise<void> {
  await sharp(Buffer.from(svg)).png().toFile(path);
}
