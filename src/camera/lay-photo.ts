import type { CameraFrame } from '../domain/camera-frame.ts';

/** Where a photo lies on a camera frame: its top left corner, frame pixels, and frame pixels per photo pixel. */
export type PhotoPlace = Readonly<{ left: number; top: number; scale: number }>;

type Plane = Readonly<{ data: Uint8Array; width: number; height: number }>;

/** Most samples along a side of one frame pixel. */
const MOST_TAPS = 6;
const NO_COLOUR = 128;

/** A frame (even sides) that shows the photo before a grey surround; what lies outside the frame is cut off. */
export function layPhoto(
  photo: CameraFrame,
  place: PhotoPlace,
  { width, height }: Readonly<{ width: number; height: number }>,
  surround: number,
): CameraFrame {
  const data = new Uint8Array((width * height * 3) / 2).fill(NO_COLOUR);
  data.fill(surround, 0, width * height);
  const [from, to] = [planesOf(photo), planesOf({ width, height, data })];
  from.forEach((plane, index) => {
    const target = to[index];
    const halved = index === 0 ? 1 : 2;
    if (target === undefined) return;
    layPlane(plane, target, { ...place, left: place.left / halved, top: place.top / halved });
  });
  return { atMs: 0, width, height, data };
}

function planesOf({ width, height, data }: Plane): readonly Plane[] {
  const luma = width * height;
  const half = { width: width >> 1, height: height >> 1 };
  return [
    { width, height, data: data.subarray(0, luma) },
    { ...half, data: data.subarray(luma, luma * 1.25) },
    { ...half, data: data.subarray(luma * 1.25) },
  ];
}

function layPlane(from: Plane, to: Plane, { left, top, scale }: PhotoPlace): void {
  const taps = Math.min(MOST_TAPS, Math.max(1, Math.round(1 / scale)));
  const firstRow = Math.max(0, Math.round(top));
  const endRow = Math.min(to.height, Math.round(top + from.height * scale));
  const firstColumn = Math.max(0, Math.round(left));
  const endColumn = Math.min(to.width, Math.round(left + from.width * scale));
  const share = 1 / (taps * taps);
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      let sum = 0;
      for (let down = 0; down < taps; down++) {
        const y = (row + (down + 0.5) / taps - top) / scale - 0.5;
        for (let right = 0; right < taps; right++) {
          sum += bilinear(from, (column + (right + 0.5) / taps - left) / scale - 0.5, y);
        }
      }
      to.data[row * to.width + column] = Math.round(sum * share);
    }
  }
}

/** The value between pixel centres, edges repeated. */
function bilinear({ data, width, height }: Plane, x: number, y: number): number {
  const cx = Math.min(width - 1, Math.max(0, x));
  const cy = Math.min(height - 1, Math.max(0, y));
  const column = Math.min(width - 2, Math.floor(cx));
  const row = Math.min(height - 2, Math.floor(cy));
  if (column < 0 || row < 0) return data[Math.floor(cy) * width + Math.floor(cx)] ?? 0;
  const at = row * width + column;
  const [fx, fy] = [cx - column, cy - row];
  const above = (data[at] ?? 0) * (1 - fx) + (data[at + 1] ?? 0) * fx;
  const below = (data[at + width] ?? 0) * (1 - fx) + (data[at + width + 1] ?? 0) * fx;
  return above * (1 - fy) + below * fy;
}
