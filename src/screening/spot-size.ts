/** What the lens' spot size takes from a face of some width, by a table. */
export type SpotSizeRow = Readonly<{
  /** Width of the face, thermal pixels. */
  facePx: number;
  /** What the hottest share of the upper face reads below its hottest spot, degC. */
  lossC: number;
  /** What it reads still lower for every degree by which the eyes' band is colder than skin can be: glasses. */
  glasses: number;
  /** Spread of what remains over people, places and boxes (standard deviation, degC). */
  spreadC: number;
}>;

/** Ascending widths; between two the rows are mixed linearly, beyond the ends the end's row holds. */
export type SpotSizeTable = readonly [SpotSizeRow, ...SpotSizeRow[]];

/** The row for a face's width. */
export function spotSizeAt(table: SpotSizeTable, facePx: number): SpotSizeRow {
  const [first] = table;
  const last = table.at(-1) ?? first;
  const upper = table.find((row) => row.facePx >= facePx) ?? last;
  const lower = table.findLast((row) => row.facePx <= facePx) ?? first;
  if (upper.facePx <= lower.facePx) return { ...lower, facePx };
  const share = (facePx - lower.facePx) / (upper.facePx - lower.facePx);
  const mix = (a: number, b: number): number => a + share * (b - a);
  return {
    facePx,
    lossC: mix(lower.lossC, upper.lossC),
    glasses: mix(lower.glasses, upper.glasses),
    spreadC: mix(lower.spreadC, upper.spreadC),
  };
}
