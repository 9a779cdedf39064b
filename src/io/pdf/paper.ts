/** Lengths are points (1/72 inch); the origin is the upper left corner. */
export const A4 = { width: 595.28, height: 841.89, margin: 50 } as const;

/** Between the margins. */
export const CONTENT_WIDTH = A4.width - 2 * A4.margin;

/** Lowest point of what is written, above the page's number. */
export const CONTENT_BOTTOM = A4.height - A4.margin;

/** Red, green and blue as #rrggbb. */
export type Colour = `#${string}`;
export const INK: Colour = '#111111';
export const PALE: Colour = '#9a9a9a';
