import type { Rect } from '../domain/geometry.ts';

/** How a part of a picture lies, unstretched and centred, in a square network input. */
export type Letterbox = Readonly<{
  /** The part of the picture shown, picture pixels. */
  window: Rect;
  /** Side of the input, input pixels. */
  size: number;
  /** Input pixels per picture pixel. */
  scale: number;
  /** Where the window's top left corner lands, input pixels. */
  left: number;
  top: number;
}>;

/** Fits `window` into a square of `size`, bars on the short sides. */
export function letterbox(window: Rect, size: number): Letterbox {
  const scale = size / Math.max(window.width, window.height);
  return {
    window,
    size,
    scale,
    left: (size - window.width * scale) / 2,
    top: (size - window.height * scale) / 2,
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
