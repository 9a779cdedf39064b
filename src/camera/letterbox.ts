import type { Rect } from '../domain/geometry.ts';

/** How a part of a picture lies, unstretched and centred, in a network input. */
export type Letterbox = Readonly<{
  /** The part of the picture shown, picture pixels. */
  window: Rect;
  /** Sides of the input, input pixels. */
  width: number;
  height: number;
  /** Input pixels per picture pixel. */
  scale: number;
  /** Where the window's top left corner lands, input pixels. */
  left: number;
  top: number;
}>;

/** Sides of a network input are multiples of this, pixels: the network's widest stride. */
const SIDE_STEP = 32;

/**
 * Fits `window` into an input whose longer side is `size` (a multiple of 32). The shorter side is the least that holds
 * the window: an input of bars would cost as much as one of picture.
 */
export function letterbox(window: Rect, size: number): Letterbox {
  const scale = size / Math.max(window.width, window.height);
  const side = (length: number): number =>
    Math.max(SIDE_STEP, SIDE_STEP * Math.ceil((length * scale) / SIDE_STEP - 1e-9));
  const [width, height] = [side(window.width), side(window.height)];
  return {
    window,
    width,
    height,
    scale,
    left: (width - window.width * scale) / 2,
    top: (height - window.height * scale) / 2,
  };
}

/** The square of the picture's shorter side at its centre: what the gate looks at. Even corners. */
export function centreSquare(width: number, height: number): Rect {
  const side = Math.min(width, height);
  return {
    x: 2 * Math.round((width - side) / 4),
    y: 2 * Math.round((height - side) / 4),
    width: side,
    height: side,
  };
}
