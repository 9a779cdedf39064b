/** Bits of the frame number, written into the first pixels of the first row: black is 0, white is 1. */
const NUMBER_BITS = 32;
const STEP_PER_FRAME = 3;
const SHADES = 256;

/**
 * A slanted ramp that moves with every frame, its number in the first row. Every byte follows from the number, so that a
 * frame torn from two is no frame of this kind.
 */
export function syntheticFrame(number: number, width: number, height: number): Uint8Array {
  const luma = width * height;
  const data = new Uint8Array((luma * 3) / 2);
  const ramp = Uint8Array.from({ length: width + SHADES }, (_, at) => at % SHADES);
  for (let row = 0; row < height; row++) {
    const shift = (row + number * STEP_PER_FRAME) % SHADES;
    data.set(ramp.subarray(shift, shift + width), row * width);
  }
  for (let bit = 0; bit < NUMBER_BITS; bit++) data[bit] = (number >>> bit) & 1 ? 255 : 0;
  data.fill(number % SHADES, luma, luma * 1.25);
  data.fill((number >>> 8) % SHADES, luma * 1.25);
  return data;
}

/** The number written into a frame. */
export function frameNumber(data: Uint8Array): number {
  let number = 0;
  for (let bit = 0; bit < NUMBER_BITS; bit++) number += (data[bit] ?? 0) >= 128 ? 2 ** bit : 0;
  return number;
}
