import type { CameraFrame } from '../domain/camera-frame.ts';
import { centreOf, type Rect } from '../domain/geometry.ts';
import { STILL_HEIGHT, STILL_WIDTH, type Still } from '../domain/still.ts';
import { sampleI420 } from './sample-i420.ts';
import { BLACK } from './write-rgb.ts';

const GREY = 128;
const PER_LEVEL = 127.5;

/**
 * The face region of a frame: as wide as the detector's box and a quarter taller, forehead to chin. Shrunk to at most
 * 160 x 200 pixels, never enlarged; black where it leaves the frame.
 * @param others boxes of other people's faces in the frame: grey where they reach into the region beside the box
 */
export function faceStill(frame: CameraFrame, box: Rect, others: readonly Rect[]): Still {
  const region = regionOf(box);
  const step = Math.max(1, region.width / STILL_WIDTH);
  const width = Math.max(1, Math.floor(region.width / step));
  const height = Math.max(1, Math.floor(region.height / step));
  const sampled = new Float32Array(3 * width * height);
  const placement = { originX: region.x, originY: region.y, stepX: step, stepY: 0 };
  sampleI420(frame, placement, width, sampled, height);
  const rgb = Uint8Array.from(sampled, (value) => Math.round((value - BLACK) * PER_LEVEL));
  sampled.fill(0);

  const hidden = others.map(regionOf);
  for (let at = 0; hidden.length > 0 && at < width * height; at++) {
    const x = region.x + ((at % width) + 0.5) * step;
    const y = region.y + (Math.floor(at / width) + 0.5) * step;
    if (hidden.some((other) => isIn(other, x, y)) && !isIn(box, x, y)) rgb.fill(GREY, 3 * at, 3 * at + 3);
  }
  return { width, height, rgb };
}

/** Corners on whole pixels, so that what is not shrunk is copied. */
function regionOf(box: Rect): Rect {
  const centre = centreOf(box);
  const width = Math.max(1, Math.round(box.width));
  const height = Math.max(1, Math.round((box.width * STILL_HEIGHT) / STILL_WIDTH));
  return { x: Math.round(centre.x - width / 2), y: Math.round(centre.y - height / 2), width, height };
}

function isIn({ x, y, width, height }: Rect, atX: number, atY: number): boolean {
  return atX >= x && atX < x + width && atY >= y && atY < y + height;
}
