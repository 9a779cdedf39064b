import type { CameraFrame } from '../domain/camera-frame.ts';

/**
 * An RGB picture (3 bytes a pixel, row-major) as a camera frame, full range BT.601. An odd last column or row is
 * repeated, since a frame's sides are even.
 */
export function rgbToI420(rgb: Uint8Array, width: number, height: number, atMs: number): CameraFrame {
  const evenWidth = width + (width & 1);
  const evenHeight = height + (height & 1);
  const luma = evenWidth * evenHeight;
  const chromaWidth = evenWidth >> 1;
  const data = new Uint8Array((luma * 3) >> 1);
  for (let y = 0; y < evenHeight; y += 2) {
    for (let x = 0; x < evenWidth; x += 2) {
      let u = 0;
      let v = 0;
      for (let corner = 0; corner < 4; corner++) {
        const px = x + (corner & 1);
        const py = y + (corner >> 1);
        const at = 3 * (Math.min(py, height - 1) * width + Math.min(px, width - 1));
        const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
        data[py * evenWidth + px] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
        u += -0.168_736 * r - 0.331_264 * g + 0.5 * b;
        v += 0.5 * r - 0.418_688 * g - 0.081_312 * b;
      }
      const chroma = luma + (y >> 1) * chromaWidth + (x >> 1);
      data[chroma] = chromaByte(u / 4);
      data[chroma + (luma >> 2)] = chromaByte(v / 4);
    }
  }
  return { atMs, width: evenWidth, height: evenHeight, data };
}

/** Chroma is centred on 128; pure blue or red would round to 256. */
function chromaByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value + 128)));
}
