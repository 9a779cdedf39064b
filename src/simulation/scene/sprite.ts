import sharp, { type Sharp } from 'sharp';
import { CANVAS } from './figure.ts';
import { yuvOf } from './yuv.ts';

/** A picture with transparency: full-range BT.601 planes, premultiplied by alpha, row-major. */
export type SpriteLevel = Readonly<{
  width: number;
  height: number;
  /** Pixels per metre. */
  scale: number;
  /** Place of the upper left corner from the centre of the face, metres. */
  left: number;
  top: number;
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
  /** 0 transparent, 255 opaque. */
  alpha: Uint8Array;
  /** Four columns a row: first and end of what is not transparent, first and end of what is opaque. */
  spans: Int32Array;
}>;

/** One drawing at several sizes, largest first, so that a far visitor does not flicker. */
export type Sprite = Readonly<{
  levels: readonly SpriteLevel[];
  /** Whether the lowest row goes on downwards: a body, not a card. */
  endless: boolean;
}>;

/** Where a picture lies, metres from the centre of the face. */
type Placement = Readonly<{ left: number; top: number; width: number; height: number }>;

/** Pixels per metre of the largest level: what a 640-pixel camera of 62 degrees shows at half a metre. */
const FINEST = 1060;
const LEVELS = 3;

/** Draws an SVG whose unit is a millimetre in the coordinates of figure.ts. */
export async function drawSprite(body: string): Promise<Sprite> {
  const [width, height] = sizeOf(CANVAS);
  const box = [CANVAS.left, CANVAS.top, CANVAS.width, CANVAS.height].map((metres) => metres * 1000).join(' ');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}">${body}</svg>`;
  return spriteOf(sharp(Buffer.from(svg)), CANVAS, true);
}

/** Cuts the middle of a photo to the placement's shape. */
export async function photoSprite(file: string, placement: Placement): Promise<Sprite> {
  const [width, height] = sizeOf(placement);
  return spriteOf(sharp(file).rotate().resize(width, height, { fit: 'cover' }), placement, false);
}

/** The smallest level that is not much coarser than the camera sees it. */
export function levelFor(sprite: Sprite, pixelsPerMetre: number): SpriteLevel | undefined {
  return sprite.levels.findLast((level) => level.scale * 1.1 >= pixelsPerMetre) ?? sprite.levels[0];
}

async function spriteOf(picture: Sharp, placement: Placement, endless: boolean): Promise<Sprite> {
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const levels = Array.from({ length: LEVELS }, async (_, halvings) => {
    const size = { width: width >> halvings, height: height >> halvings };
    const scaled = sharp(data, { raw: { width, height, channels: 4 } });
    const rgba =
      halvings === 0
        ? data
        : await scaled
            .resize({ ...size, fit: 'fill' })
            .raw()
            .toBuffer();
    return levelOf(rgba, size.width, size.height, placement);
  });
  return { levels: await Promise.all(levels), endless };
}

function levelOf(data: Uint8Array, width: number, height: number, placement: Placement): SpriteLevel {
  const count = width * height;
  const plane = (): Uint8Array => new Uint8Array(count);
  const level = { y: plane(), u: plane(), v: plane(), alpha: plane() };
  for (let index = 0; index < count; index++) {
    if (data[4 * index + 3] === 0) continue;
    const { y, u, v, alpha } = yuvOf({ data, channels: 4 }, index);
    level.y[index] = Math.round((y * alpha) / 255);
    level.u[index] = Math.round((u * alpha) / 255);
    level.v[index] = Math.round((v * alpha) / 255);
    level.alpha[index] = alpha;
  }
  const { left, top } = placement;
  const spans = spansOf(level.alpha, width, height);
  return { width, height, scale: width / placement.width, left, top, ...level, spans };
}

/** The opaque part is the longest run, so that blending is needed at its sides only. */
function spansOf(alpha: Uint8Array, width: number, height: number): Int32Array {
  const spans = new Int32Array(4 * height);
  for (let row = 0; row < height; row++) {
    const line = alpha.subarray(row * width, (row + 1) * width);
    const first = line.findIndex((value) => value > 0);
    if (first < 0) continue;
    const solid = longestOpaque(line);
    spans.set([first, line.findLastIndex((value) => value > 0) + 1, solid.first, solid.end], 4 * row);
  }
  return spans;
}

function longestOpaque(line: Uint8Array): Readonly<{ first: number; end: number }> {
  let best = { first: 0, end: 0 };
  let first = 0;
  line.forEach((value, column) => {
    if (value < 255) first = column + 1;
    else if (column + 1 - first > best.end - best.first) best = { first, end: column + 1 };
  });
  return best;
}

function sizeOf({ width, height }: Readonly<{ width: number; height: number }>): readonly [number, number] {
  return [Math.round(width * FINEST), Math.round(height * FINEST)];
}
