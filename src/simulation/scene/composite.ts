import type { Point } from '../../domain/geometry.ts';
import { levelFor, type Sprite, type SpriteLevel } from './sprite.ts';

/** Planes of one I420 picture under construction. */
export type Canvas = Readonly<{ width: number; height: number; y: Uint8Array; u: Uint8Array; v: Uint8Array }>;

type Plane = Readonly<{ data: Uint8Array; width: number; height: number }>;
/** Sprite coordinate = (plane pixel) * step + origin, both in pixels with centres at whole numbers. */
type Mapping = Readonly<{ step: number; originX: number; originY: number; endless: boolean }>;

/** Lays a sprite over the picture: its face centre at `at` (picture pixels), a metre `pixelsPerMetre` long. */
export function composite(canvas: Canvas, sprite: Sprite, at: Point, pixelsPerMetre: number): void {
  const level = levelFor(sprite, pixelsPerMetre);
  if (level === undefined) return;
  const { width, height } = canvas;
  const mapping = (shrunk: 1 | 2): Mapping => {
    const step = (shrunk * level.scale) / pixelsPerMetre;
    return {
      step,
      originX: (0.5 - at.x / shrunk) * step - level.left * level.scale - 0.5,
      originY: (0.5 - at.y / shrunk) * step - level.top * level.scale - 0.5,
      endless: sprite.endless,
    };
  };
  const half = { width: width >> 1, height: height >> 1 };
  layPlane({ data: canvas.y, width, height }, level.y, level, mapping(1));
  layPlane({ data: canvas.u, ...half }, level.u, level, mapping(2));
  layPlane({ data: canvas.v, ...half }, level.v, level, mapping(2));
}

function layPlane(plane: Plane, source: Uint8Array, level: SpriteLevel, mapping: Mapping): void {
  const { step, originY, endless } = mapping;
  const last = level.height - 1.001;
  const firstRow = Math.max(0, Math.ceil(-originY / step));
  const endRow = endless ? plane.height : Math.min(plane.height, Math.ceil((last - originY) / step));
  for (let row = firstRow; row < endRow; row++) {
    layRow(plane, row, source, level, mapping, Math.min(last, row * step + originY));
  }
}

function layRow(
  plane: Plane,
  row: number,
  source: Uint8Array,
  level: SpriteLevel,
  mapping: Mapping,
  y: number,
): void {
  const { step, originX } = mapping;
  const top = Math.floor(y);
  const span = (at: number): readonly [number, number] => [
    level.spans[4 * top + at] ?? 0,
    level.spans[4 * top + 4 + at] ?? 0,
  ];
  const [first, end] = [Math.min(...span(0)), Math.max(...span(1))];
  if (end === 0) return;
  const column = (x: number, from: number): number =>
    Math.max(from, Math.min(plane.width, Math.ceil((x - originX) / step)));
  const from = column(Math.max(0, first - 1), 0);
  const to = column(Math.min(end, level.width - 1), from);
  const solidFrom = Math.min(to, column(Math.max(...span(2)), from));
  const solidTo = Math.min(to, column(Math.min(...span(3)) - 1, solidFrom));
  const line = {
    plane,
    source,
    level,
    step,
    originX,
    top: top * level.width,
    fy: y - top,
    row: row * plane.width,
  };
  blend(line, from, solidFrom);
  cover(line, solidFrom, solidTo);
  blend(line, solidTo, to);
}

type Line = Readonly<{
  plane: Plane;
  source: Uint8Array;
  level: SpriteLevel;
  step: number;
  originX: number;
  /** Offset of the sprite's upper row, part of the way to the next, offset of the picture's row. */
  top: number;
  fy: number;
  row: number;
}>;

/** Where the sprite is opaque. */
function cover(
  { plane: { data }, source, level, step, originX, top, fy, row }: Line,
  from: number,
  to: number,
): void {
  const weight = Math.round(fy * 256);
  const stepFixed = Math.round(step * 65_536);
  let x = Math.round((from * step + originX) * 65_536);
  const below = level.width;
  for (let column = from; column < to; column++, x += stepFixed) {
    const at = top + (x >> 16);
    const part = (x >> 8) & 255;
    const upper = ((source[at] ?? 0) << 8) + ((source[at + 1] ?? 0) - (source[at] ?? 0)) * part;
    const lowerLeft = source[at + below] ?? 0;
    const lower = (lowerLeft << 8) + ((source[at + below + 1] ?? 0) - lowerLeft) * part;
    data[row + column] = ((upper << 8) + (lower - upper) * weight + 32_768) >> 16;
  }
}

/** Where the background shows through. */
function blend(
  { plane: { data }, source, level, step, originX, top, fy, row }: Line,
  from: number,
  to: number,
): void {
  for (let column = from; column < to; column++) {
    const x = column * step + originX;
    const left = Math.floor(x);
    const at = top + left;
    const alpha = bilinear(level.alpha, at, level.width, x - left, fy);
    const value = bilinear(source, at, level.width, x - left, fy);
    data[row + column] = Math.min(255, value + (data[row + column] ?? 0) * (1 - alpha / 255) + 0.5);
  }
}

function bilinear(plane: Uint8Array, at: number, width: number, fx: number, fy: number): number {
  const upper = (plane[at] ?? 0) * (1 - fx) + (plane[at + 1] ?? 0) * fx;
  const lower = (plane[at + width] ?? 0) * (1 - fx) + (plane[at + width + 1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}
