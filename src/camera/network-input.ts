import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Letterbox } from './letterbox.ts';
import { BLACK, writeRgb } from './write-rgb.ts';

/** Most luma samples along a side of one input pixel. */
const MOST_TAPS = 8;

/**
 * Fills `out` (height x width RGB in -1..1, row-major, channels last) with the letterboxed window of a full range BT.601
 * frame, bars and whatever lies outside black. Straight from planar YUV: when shrinking, luma is the mean of a grid of
 * samples about as many as the pixels covered, chroma (half as fine already) is one sample.
 */
export function fillNetworkInput(frame: CameraFrame, view: Letterbox, out: Float32Array): void {
  const taps = Math.min(MOST_TAPS, Math.max(1, Math.round(1 / view.scale)));
  const columns = axis(view.width, taps, view.left, view.window.x, view.scale, [0, frame.width]);
  const lines = axis(view.height, taps, view.top, view.window.y, view.scale, [0, frame.height]);
  out.fill(BLACK);
  for (let row = 0; row < view.height; row++) {
    if ((lines.seen[row] ?? 0) === 1) fillRow(frame, row, view.width, taps, columns, lines.at, out);
  }
}

/** For each input pixel along one axis: whether it sees the frame, and which frame pixels its samples fall on. */
type Axis = Readonly<{ seen: Uint8Array; at: Int32Array }>;

function axis(
  size: number,
  taps: number,
  bar: number,
  windowStart: number,
  scale: number,
  [first, end]: readonly [number, number],
): Axis {
  const seen = new Uint8Array(size);
  const at = new Int32Array(size * taps);
  for (let pixel = 0; pixel < size; pixel++) {
    const inBars = pixel + 0.5 < bar || pixel + 0.5 > size - bar;
    const centre = windowStart + (pixel + 0.5 - bar) / scale;
    seen[pixel] = !inBars && centre >= first && centre < end ? 1 : 0;
    for (let tap = 0; tap < taps; tap++) {
      const place = Math.floor(windowStart + (pixel + (tap + 0.5) / taps - bar) / scale);
      at[pixel * taps + tap] = Math.min(end - 1, Math.max(first, place));
    }
  }
  return { seen, at };
}

function fillRow(
  frame: CameraFrame,
  row: number,
  inputWidth: number,
  taps: number,
  columns: Axis,
  lines: Int32Array,
  out: Float32Array,
): void {
  const { width, height, data } = frame;
  const chromaWidth = width >> 1;
  const middle = taps >> 1;
  const uLine = width * height + ((lines[row * taps + middle] ?? 0) >> 1) * chromaWidth;
  const toV = chromaWidth * (height >> 1);
  const share = 1 / (taps * taps);
  for (let column = 0, to = row * inputWidth * 3; column < inputWidth; column++, to += 3) {
    if (columns.seen[column] === 0) continue;
    let sum = 0;
    for (let j = 0; j < taps; j++) {
      const line = (lines[row * taps + j] ?? 0) * width;
      for (let i = 0; i < taps; i++) sum += data[line + (columns.at[column * taps + i] ?? 0)] ?? 0;
    }
    const luma = sum * share;
    const chroma = uLine + ((columns.at[column * taps + middle] ?? 0) >> 1);
    const u = (data[chroma] ?? 128) - 128;
    const v = (data[chroma + toV] ?? 128) - 128;
    writeRgb(out, to, luma, u, v);
  }
}
