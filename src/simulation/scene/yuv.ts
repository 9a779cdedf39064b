/** Interleaved RGB or RGBA, as sharp gives it. */
export type Pixels = Readonly<{ data: Uint8Array; channels: number }>;

/** Full-range BT.601 luma and colour differences of pixel number `index`; alpha 255 without an alpha channel. */
export function yuvOf(
  { data, channels }: Pixels,
  index: number,
): Readonly<{ y: number; u: number; v: number; alpha: number }> {
  const at = index * channels;
  const red = data[at] ?? 0;
  const green = data[at + 1] ?? 0;
  const blue = data[at + 2] ?? 0;
  const y = 0.299 * red + 0.587 * green + 0.114 * blue;
  const alpha = channels === 4 ? (data[at + 3] ?? 0) : 255;
  return { y, u: 128 + (blue - y) / 1.772, v: 128 + (red - y) / 1.402, alpha };
}
