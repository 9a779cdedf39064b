/** What networks are given for black, and for each grey level above it: -1..1. */
export const BLACK = -1;
const PER_LEVEL = 1 / 127.5;

/** Writes one network input pixel at `to` from full range BT.601 luma 0..255 and chroma less 128. */
export function writeRgb(out: Float32Array, to: number, luma: number, u: number, v: number): void {
  out[to] = scaled(luma + 1.402 * v);
  out[to + 1] = scaled(luma - 0.344_136 * u - 0.714_136 * v);
  out[to + 2] = scaled(luma + 1.772 * u);
}

function scaled(level: number): number {
  return Math.min(255, Math.max(0, level)) * PER_LEVEL + BLACK;
}
