/** Boxes BlazeFace-back offers at each cell of its two grids: stride in input pixels, boxes per cell. */
export const ANCHOR_GRIDS = [
  { stride: 16, perCell: 2 },
  { stride: 32, perCell: 6 },
] as const;

/** Input sides the network can run at, pixels; all multiples of its widest stride. */
export const INPUT_SIZES = [128, 160, 192, 256] as const;
export type InputSize = (typeof INPUT_SIZES)[number];

/** Centres of one grid's anchors, input pixels: x, y of each, cell by cell in rows, `perCell` equal ones a cell. */
export function anchorCentres(inputSize: number, stride: number, perCell: number): Float32Array {
  const cells = inputSize / stride;
  const centres = new Float32Array(cells * cells * perCell * 2);
  let at = 0;
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      for (let box = 0; box < perCell; box++) {
        centres[at++] = (column + 0.5) * stride;
        centres[at++] = (row + 0.5) * stride;
      }
    }
  }
  return centres;
}
