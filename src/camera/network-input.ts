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
  lines: Axis['at'],
  out: Float32Array,
): void {
  const { width, height, data } = frame;
  const sums = sumOfLines(frame, lines.subarray(row * taps, (row + 1) * taps), columns);
  const chromaWidth = width >> 1;
  const middle = taps >> 1;
  const uLine = width * height + ((lines[row * taps + middle] ?? 0) >> 1) * chromaWidth;
  const toV = chromaWidth * (height >> 1);
  const share = 1 / (taps * taps);
  for (let column = 0, to = row * inputWidth * 3; column < inputWidth; column++, to += 3) {
    if (columns.seen[column] === 0) continue;
    const first = column * taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += sums[columns.at[first + tap] as number] as number;
    const chroma = uLine + ((columns.at[first + middle] as number) >> 1);
    const u = (data[chroma] as number) - 128;
    const v = (data[chroma + toV] as number) - 128;
    writeRgb(out, to, sum * share, u, v);
  }
}

/** Luma of the picture lines that one input row covers, summed column by column: read in order, which is fast. */
function sumOfLines({ width, data }: CameraFrame, lines: Int32Array, columns: Axis): Uint16Array {
  const sums = new Uint16Array(width);
  const first = columns.at[0] as number;
  const last = columns.at[columns.at.length - 1] as number;
  for (const line of lines) {
    const from = line * width;
    for (let column = first; column <= last; column++) {
      sums[column] = (sums[column] as number) + (data[from + column] as number);
    }
  }
  return sums;
}
