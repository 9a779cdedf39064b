/** Temperatures on a grid, row-major, degC; NaN where there is none. */
export type TemperatureGrid = Readonly<{
  width: number;
  height: number;
  toC: ArrayLike<number>;
}>;

/** A warm compact disc on a grid, in its pixels; (0.5, 0.5) is the middle of the first one. */
export type Disc = Readonly<{
  x: number;
  y: number;
  radiusPx: number;
  /** Mean of its innermost part, which the lens' blur does not reach, degC. */
  temperatureC: number;
  /** Above the surroundings close to it, degC. */
  contrastC: number;
  /** Spread over its inner part (standard deviation), degC. */
  spreadC: number;
}>;

/** What is looked for. */
export type DiscSearch = Readonly<{
  minRadiusPx: number;
  maxRadiusPx: number;
  /** Above its surroundings at the least, degC. */
  minContrastC: number;
  /** Only in this part of the grid, around its known place, where its temperature is taken then; absent: everywhere. */
  near?: Readonly<{ x: number; y: number; withinPx: number }>;
  /** Known temperature and how far the sensor may be from it, degC; absent: any. */
  expected?: Readonly<{ temperatureC: number; withinC: number }>;
}>;

const DIRECTIONS = 16;
/** The lens' blur takes something off so far inwards from an edge, pixels; and off a mean temperature less than 0.1 %. */
const BLUR_PX = 1.6;
const LAST_BLUR_PX = 2.1;
/** Reaches at least one pixel's middle wherever the disc lies. */
const LEAST_PX = 0.75;
/** Distances of the edge may differ by so much of themselves. */
const OUT_OF_ROUND = 0.3;
/** Where the surroundings are looked at, in radii and pixels beyond. */
const RING_RADII = 1.35;
const RING_PX = 1.2;
/** Of the directions so many must lead to something clearly colder; the rest may be covered by whoever stands there. */
const COLDER_DIRECTIONS = 0.85;
const COS = Array.from({ length: DIRECTIONS }, (_, k) => Math.cos((2 * Math.PI * k) / DIRECTIONS));
const SIN = Array.from({ length: DIRECTIONS }, (_, k) => Math.sin((2 * Math.PI * k) / DIRECTIONS));

/**
 * The warm disc on a grid that stands out most from what is around it; null when there is none. A face is larger or not
 * colder all around (neck, hair), an eye corner has too little contrast.
 */
export function findDisc(grid: TemperatureGrid, search: DiscSearch): Disc | null {
  let best: Disc | null = null;
  for (const [x, y] of warmPlaces(grid, search)) {
    const disc = discAt(grid, x, y, search);
    if (disc === null || !isExpected(disc, search.expected)) continue;
    if (best === null || disc.contrastC > best.contrastC) best = disc;
  }
  return best;
}

function isExpected({ temperatureC }: Disc, expected: DiscSearch['expected']): boolean {
  return expected === undefined || Math.abs(temperatureC - expected.temperatureC) <= expected.withinC;
}

/** Peaks of the smoothed grid with something colder around them, in the part that is searched. */
function* warmPlaces(grid: TemperatureGrid, search: DiscSearch): Generator<readonly [number, number]> {
  const { width, height } = grid;
  const { near, minRadiusPx, minContrastC } = search;
  const reach = Math.max(1, Math.floor(minRadiusPx / 2));
  const smooth = smoothed(grid, reach);
  for (let row = reach; row < height - reach; row++) {
    for (let column = reach; column < width - reach; column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      if (near !== undefined && Math.hypot(x - near.x, y - near.y) > near.withinPx) continue;
      if (!isPeak(smooth, width, row, column)) continue;
      if (standsOut({ width, height, toC: smooth }, x, y, 2 * minRadiusPx, minContrastC / 3)) yield [x, y];
    }
  }
}

/** Whether at least two of four places around are colder by so much: cheap, and leaves few places to measure. */
function standsOut(grid: TemperatureGrid, x: number, y: number, awayPx: number, byC: number): boolean {
  const at = (px: number, py: number): number =>
    grid.toC[clamp(Math.floor(py), grid.height) * grid.width + clamp(Math.floor(px), grid.width)] ??
    Number.NaN;
  const hereC = at(x, y);
  const around = [at(x + awayPx, y), at(x - awayPx, y), at(x, y + awayPx), at(x, y - awayPx)];
  return around.filter((thereC) => hereC - thereC > byC).length >= 2;
}

function isPeak(smooth: Float64Array, width: number, row: number, column: number): boolean {
  const here = smooth[row * width + column] ?? Number.NaN;
  const around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  return (
    !Number.isNaN(here) &&
    around.every((step) => !((smooth[row * width + column + step] ?? Number.NaN) > here))
  );
}

/** Mean over squares of `2 reach + 1` pixels; at the rim over what is inside. */
function smoothed({ width, height, toC }: TemperatureGrid, reach: number): Float64Array {
  const values = Float64Array.from({ length: width * height }, (_, index) => toC[index] ?? Number.NaN);
  const across = new Float64Array(width * height);
  const both = new Float64Array(width * height);
  for (let row = 0; row < height; row++) blurLine(values, across, row * width, width, 1, reach);
  for (let column = 0; column < width; column++) blurLine(across, both, column, height, width, reach);
  return both;
}

/** Running mean of the values that there are, along one line. */
function blurLine(
  from: Float64Array,
  into: Float64Array,
  start: number,
  length: number,
  step: number,
  reach: number,
): void {
  let [sum, count] = [0, 0];
  const take = (place: number, sign: 1 | -1): void => {
    const value = place < 0 || place >= length ? Number.NaN : (from[start + place * step] ?? Number.NaN);
    if (Number.isNaN(value)) return;
    sum += sign * value;
    count += sign;
  };
  for (let place = 0; place < reach; place++) take(place, 1);
  for (let place = 0; place < length; place++) {
    take(place + reach, 1);
    take(place - reach - 1, -1);
    into[start + place * step] = count === 0 ? Number.NaN : sum / count;
  }
}

/** The disc about a warm place, its edge where half of the contrast is gone; null when it is none. */
function discAt(grid: TemperatureGrid, fromX: number, fromY: number, search: DiscSearch): Disc | null {
  const { minRadiusPx, maxRadiusPx, minContrastC } = search;
  const rough = centroid(grid, fromX, fromY, minRadiusPx);
  const roughEdge = edgeOf(grid, rough.x, rough.y, maxRadiusPx);
  const { x, y } = centroid(grid, rough.x, rough.y, roughEdge ?? minRadiusPx);
  const radiusPx = edgeOf(grid, x, y, maxRadiusPx);
  if (radiusPx === null || radiusPx < minRadiusPx || radiusPx > maxRadiusPx) return null;
  // Where noise has just drawn it to, it would read what noise has just made of it.
  const { near = { x, y } } = search;
  const disc = measure(grid, near.x, near.y, radiusPx, minContrastC);
  return disc === null ? null : { ...disc, x, y };
}

/** Mean distance of the edge; null when it is not about equally far in nearly all directions. */
function edgeOf(grid: TemperatureGrid, x: number, y: number, maxRadiusPx: number): number | null {
  const outsideC = medianOf(ringOf(grid, x, y, maxRadiusPx));
  const inside: number[] = [];
  eachWithin(grid, x, y, 1, (_x, _y, value) => void inside.push(value));
  const halfC = (medianOf(inside) + outsideC) / 2;
  const edges: number[] = [];
  for (let k = 0; k < DIRECTIONS; k++) {
    const edge = crossing(grid, x, y, k, halfC, maxRadiusPx + 1);
    if (edge !== null) edges.push(edge);
  }
  if (edges.length < COLDER_DIRECTIONS * DIRECTIONS) return null;
  const edge = medianOf(edges);
  const off = edges.filter((one) => Math.abs(one - edge) > OUT_OF_ROUND * edge + 0.75).length;
  return off > (1 - COLDER_DIRECTIONS) * DIRECTIONS ? null : edge;
}

/** How far from a place a temperature is passed downwards in a direction; null within `reach`. */
function crossing(grid: TemperatureGrid, x: number, y: number, k: number, levelC: number, reach: number) {
  for (let away = 0.5; away <= reach; away += 0.25) {
    const value = between(grid, x + away * (COS[k] ?? 0), y + away * (SIN[k] ?? 0));
    if (value < levelC) return away;
  }
  return null;
}

/** Bilinear between pixel middles; NaN outside. */
function between({ width, height, toC }: TemperatureGrid, x: number, y: number): number {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) return Number.NaN;
  const [fx, fy] = [x - 0.5 - left, y - 0.5 - top];
  const at = (column: number, row: number): number => toC[row * width + column] ?? Number.NaN;
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  return upper * (1 - fy) + (at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx) * fy;
}

/** Centre of the warmth above the ring, within a radius; moved twice. */
function centroid(grid: TemperatureGrid, fromX: number, fromY: number, radiusPx: number) {
  let [x, y] = [fromX, fromY];
  for (let turn = 0; turn < 2; turn++) {
    const floorC = medianOf(ringOf(grid, x, y, radiusPx));
    let [sumX, sumY, total] = [0, 0, 0];
    const reach = radiusPx + 1;
    eachWithin(grid, x, y, reach, (px, py, value) => {
      const weight = Math.max(0, value - floorC);
      sumX += weight * px;
      sumY += weight * py;
      total += weight;
    });
    if (!(total > 0)) break;
    [x, y] = [sumX / total, sumY / total];
  }
  return { x, y };
}

function measure(
  grid: TemperatureGrid,
  x: number,
  y: number,
  radiusPx: number,
  minContrastC: number,
): Disc | null {
  const within = (reach: number): number[] => {
    const values: number[] = [];
    eachWithin(grid, x, y, Math.max(LEAST_PX, reach), (_x, _y, value) => void values.push(value));
    return values;
  };
  const inside = within(radiusPx - BLUR_PX);
  const innermost = within(radiusPx - LAST_BLUR_PX);
  const ring = ringOf(grid, x, y, radiusPx);
  if (inside.length === 0 || ring.length < DIRECTIONS / 2) return null;
  const temperatureC = innermost.reduce((sum, value) => sum + value, 0) / innermost.length;
  const contrastC = temperatureC - medianOf(ring);
  if (contrastC < minContrastC) return null;
  const colder = ring.filter((value) => temperatureC - value > minContrastC / 2).length;
  if (colder < COLDER_DIRECTIONS * ring.length) return null;
  const spreadC = Math.sqrt(
    inside.reduce((sum, value) => sum + (value - temperatureC) ** 2, 0) / inside.length,
  );
  return { x, y, radiusPx, temperatureC, contrastC, spreadC };
}

/** What lies around a disc, one value a direction; directions that leave the grid tell nothing. */
function ringOf(grid: TemperatureGrid, x: number, y: number, radiusPx: number): number[] {
  const away = RING_RADII * radiusPx + RING_PX;
  const values: number[] = [];
  for (let k = 0; k < DIRECTIONS; k++) {
    const [column, row] = [Math.floor(x + away * (COS[k] ?? 0)), Math.floor(y + away * (SIN[k] ?? 0))];
    if (column < 0 || row < 0 || column >= grid.width || row >= grid.height) continue;
    const value = grid.toC[row * grid.width + column];
    if (value !== undefined && !Number.isNaN(value)) values.push(value);
  }
  return values;
}

function eachWithin(
  { width, height, toC }: TemperatureGrid,
  x: number,
  y: number,
  reach: number,
  visit: (px: number, py: number, value: number) => void,
): void {
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(height, y + reach); row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(width, x + reach); column++) {
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) > reach) continue;
      const value = toC[row * width + column];
      if (value !== undefined && !Number.isNaN(value)) visit(column + 0.5, row + 0.5, value);
    }
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function clamp(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value));
}
