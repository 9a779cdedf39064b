import type { CameraFrame } from '../domain/camera-frame.ts';
import { BLACK, writeRgb } from './write-rgb.ts';

/** A step in the picture: one input pixel to the right is (x, y) picture pixels; one down is (-y, x). */
export type Placement = Readonly<{
  /** Picture place of the input's top left corner. */
  originX: number;
  originY: number;
  /** Picture pixels per input pixel along the input's x axis. */
  stepX: number;
  stepY: number;
}>;

/**
 * Reads a rectangle, by default a square, of RGB values in -1..1, row-major, channels last, straight from a planar YUV
 * frame (full range BT.601), without an RGB picture between. It may be turned and scaled; where it leaves the frame it is
 * black.
 * Luma is the mean of a k x k grid of samples per input pixel, k growing with the shrinking; chroma is one sample.
 */
export function sampleI420(
  frame: CameraFrame,
  placement: Placement,
  columns: number,
  out: Float32Array,
  rows: number = columns,
): void {
  const taps = tapsFor(Math.hypot(placement.stepX, placement.stepY));
  const { originX, originY, stepX, stepY } = placement;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = originX + (column + 0.5) * stepX - (row + 0.5) * stepY;
      const y = originY + (column + 0.5) * stepY + (row + 0.5) * stepX;
      writePixel(frame, x, y, placement, taps, out, to);
      to += 3;
    }
  }
}

/** Samples along each side of an input pixel: one for each two picture pixels it covers or so, at most three. */
function tapsFor(step: number): number {
  return Math.min(3, Math.max(1, Math.round(step)));
}

function writePixel(
  frame: CameraFrame,
  x: number,
  y: number,
  placement: Placement,
  taps: number,
  out: Float32Array,
  to: number,
): void {
  const { width, height, data } = frame;
  if (x < 0 || y < 0 || x >= width || y >= height) {
    out.fill(BLACK, to, to + 3);
    return;
  }
  const luma = taps === 1 ? bilinearLuma(frame, x, y) : meanLuma(frame, x, y, placement, taps);
  const chromaWidth = width >> 1;
  const chroma = width * height + (y >> 1) * chromaWidth + (x >> 1);
  const u = (data[chroma] ?? 128) - 128;
  const v = (data[chroma + chromaWidth * (height >> 1)] ?? 128) - 128;
  writeRgb(out, to, luma, u, v);
}

/** Mean over a taps x taps grid spread evenly over one input pixel. */
function meanLuma(frame: CameraFrame, x: number, y: number, placement: Placement, taps: number): number {
  const { width, height, data } = frame;
  const { stepX, stepY } = placement;
  let sum = 0;
  for (let j = 0; j < taps; j++) {
    const down = (j + 0.5) / taps - 0.5;
    for (let i = 0; i < taps; i++) {
      const right = (i + 0.5) / taps - 0.5;
      const px = x + right * stepX - down * stepY;
      const py = y + right * stepY + down * stepX;
      const column = Math.min(width - 1, Math.max(0, Math.floor(px)));
      const line = Math.min(height - 1, Math.max(0, Math.floor(py)));
      sum += data[line * width + column] ?? 0;
    }
  }
  return sum / (taps * taps);
}

/** Luma between pixel centres, edges repeated. */
function bilinearLuma(frame: CameraFrame, x: number, y: number): number {
  const { width, height, data } = frame;
  const cx = Math.min(width - 1, Math.max(0, x - 0.5));
  const cy = Math.min(height - 1, Math.max(0, y - 0.5));
  const column = cx | 0;
  const line = cy | 0;
  const fx = cx - column;
  const fy = cy - line;
  const at = line * width + column;
  const right = column < width - 1 ? 1 : 0;
  const below = line < height - 1 ? width : 0;
  const top = (data[at] ?? 0) * (1 - fx) + (data[at + right] ?? 0) * fx;
  const bottom = (data[at + below] ?? 0) * (1 - fx) + (data[at + below + right] ?? 0) * fx;
  return top * (1 - fy) + bottom * fy;
}
