/** A point in pixels; (0, 0) is the outer corner of the top left pixel, so pixel centres lie at .5. */
export type Point = Readonly<{ x: number; y: number }>;

/** An upright rectangle in pixels, same origin as {@link Point}. */
export type Rect = Readonly<{ x: number; y: number; width: number; height: number }>;

/** The centre of a rectangle. */
export function centreOf(rect: Rect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

/** Area shared by two rectangles over the area of both, 0..1. */
export function intersectionOverUnion(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
