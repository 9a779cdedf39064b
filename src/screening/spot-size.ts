import type { MaskState } from '../domain/face.ts';

/** What the lens' spot size takes from a face of some width, by a table. */
export type SpotSizeRow = Readonly<{
  /** Width of the face, thermal pixels. */
  facePx: number;
  /** What the hottest share of the upper face reads below its hottest spot, degC. */
  lossC: number;
  /** What it reads still lower for every degree by which the eyes' band is colder than skin can be: glasses. */
  glasses: number;
  /** Of what glasses take, so much remains unknown (standard deviation, as a share): frames and places differ. */
  glassesSpread: number;
  /** Spread of what remains over people, places and boxes (standard deviation, degC). */
  spreadC: number;
}>;

/** Ascending widths; between two the rows are mixed linearly, beyond the ends the end's row holds. */
export type SpotSizeTable = readonly [SpotSizeRow, ...SpotSizeRow[]];

/** A mask's edge lies in the lens' blur, and the detector boxes a masked face differently: a table each. */
export type SpotSizeTables = Readonly<Record<Exclude<MaskState, 'unsure'>, SpotSizeTable>>;

/** The row for a face's width; an unsure mask lies between both, by so much less certain. */
export function spotSizeAt(tables: SpotSizeTables, facePx: number, mask: MaskState): SpotSizeRow {
  if (mask !== 'unsure') return rowAt(tables[mask], facePx);
  const [worn, bare] = [rowAt(tables.worn, facePx), rowAt(tables['not-worn'], facePx)];
  const middle = mixed(worn, bare, 0.5);
  const half = (of: (row: SpotSizeRow) => number): number => (of(worn) - of(bare)) / 2;
  const glassesHalf = middle.glasses === 0 ? 0 : half(({ glasses }) => glasses) / middle.glasses;
  return {
    ...middle,
    spreadC: Math.hypot(
      middle.spreadC,
      half(({ lossC }) => lossC),
    ),
    glassesSpread: Math.hypot(middle.glassesSpread, glassesHalf),
  };
}

function rowAt(table: SpotSizeTable, facePx: number): SpotSizeRow {
  const [first] = table;
  const last = table.at(-1) ?? first;
  const upper = table.find((row) => row.facePx >= facePx) ?? last;
  const lower = table.findLast((row) => row.facePx <= facePx) ?? first;
  if (upper.facePx <= lower.facePx) return lower;
  return mixed(lower, upper, (facePx - lower.facePx) / (upper.facePx - lower.facePx));
}

function mixed(from: SpotSizeRow, to: SpotSizeRow, share: number): SpotSizeRow {
  const mix = (a: number, b: number): number => a + share * (b - a);
  return {
    facePx: mix(from.facePx, to.facePx),
    lossC: mix(from.lossC, to.lossC),
    glasses: mix(from.glasses, to.glasses),
    glassesSpread: mix(from.glassesSpread, to.glassesSpread),
    spreadC: mix(from.spreadC, to.spreadC),
  };
}
