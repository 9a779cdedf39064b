/** Boxes BlazeFace-back offers at each cell of its two grids: stride in input pixels, boxes per cell. */
export const ANCHOR_GRIDS = [
  { stride: 16, perCell: 2 },
  { stride: 32, perCell: 6 },
] as const;

/** Longer input sides the network may be run at, pixels; all multiples of its widest stride. */
export const INPUT_SIZES = [128, 160, 192, 256] as const;
export type InputSize = (typeof INPUT_SIZES)[number];

/** Centres of one grid's anchors, input pixels: x, y of each, cell by cell in rows, `perCell` equal ones a cell. */
export function anchorCentres(width: number, height: number, stride: number, perCell: number): Float32Array {
  const [columns, rows] = [width / stride, height / stride];
  const centres = new Float32Array(columns * rows * perCell * 2);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let box = 0; box < perCell; box++) {
        centres[at++] = (column + 0.5) * stride;
        centres[at++] = (row + 0.5) * stride;
      }
    }
  }
  return centres;
}
