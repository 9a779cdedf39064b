/** A small picture cut from one camera frame: width x height x 3 bytes (red, green, blue), row by row. */
export type Still = Readonly<{ width: number; height: number; rgb: Uint8Array }>;

/** Largest still of a visitor, pixels. */
export const STILL_WIDTH = 160;
export const STILL_HEIGHT = 200;
