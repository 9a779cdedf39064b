import {
  type Mount,
  type ThermalLens,
  thermalOptics,
  toThermalAxes,
  type Vector3,
} from '../../domain/optics.ts';
import { CANVAS } from './figure.ts';
import { type HeatLevel, type HeatMap, heatLevelFor } from './heat-map.ts';

/** A visitor where the thermal array may see them. */
export type WarmBody = Readonly<{
  /** Centre of the face in the camera's axes, metres. */
  place: Vector3;
  heat: HeatMap;
}>;

/** What the array sees of warm bodies before a wall. */
export interface ThermalView {
  /** Fills 768 pixels, row-major, degC; `bodies` nearest first. */
  render(bodies: readonly WarmBody[], toC: Float64Array): void;
}

/** Full width at half maximum of a pixel's response, pixels. */
const RESPONSE_FWHM = 1.3;
/** Each pixel is the weighted mean of so many places each way, over +-1.3 pixels. */
const SAMPLES = 5;
const REACH = 1.3;
const STEP = (2 * REACH) / (SAMPLES - 1);
/** The wall is a little warmer above and to the right, degC per unit of direction. */
const WALL_SLOPE_X_C = 0.1;
const WALL_SLOPE_Y_C = -0.25;

/** A level of a body's heat map, and where on it a ray of slope (a, b) meets the body: cell = origin + slope * factor. */
type Target = Readonly<{
  level: HeatLevel;
  columnAt0: number;
  rowAt0: number;
  factor: number;
  margin: number;
}>;

/** Prepares the rays of every pixel. `ambientC`: the wall. */
export function createThermalView(lens: ThermalLens, mount: Mount, ambientC: number): ThermalView {
  const optics = thermalOptics(lens);
  const { width, height } = optics;
  const turn = cameraSlopeOf(mount);
  const perPixel = SAMPLES * SAMPLES;
  const middle = perPixel >> 1;
  const slopesX = new Float64Array(width * height * perPixel);
  const slopesY = new Float64Array(slopesX.length);
  for (let index = 0; index < slopesX.length; index++) {
    const pixel = Math.floor(index / perPixel);
    const [column, row] = sampleOf(index % perPixel);
    const x = (pixel % width) + 0.5 + column * STEP;
    const y = Math.floor(pixel / width) + 0.5 + row * STEP;
    const slope = turn(optics.ray({ x, y }));
    slopesX[index] = slope.x;
    slopesY[index] = slope.y;
  }
  const weights = responseWeights();
  const centre = turn(optics.ray({ x: width / 2, y: height / 2 }));
  const beside = turn(optics.ray({ x: width / 2 + 1, y: height / 2 }));
  const pixelSlope = Math.hypot(beside.x - centre.x, beside.y - centre.y);

  const wallAt = (index: number): number =>
    ambientC + WALL_SLOPE_X_C * (slopesX[index] ?? 0) + WALL_SLOPE_Y_C * (slopesY[index] ?? 0);

  const sample = (targets: readonly Target[], index: number): number => {
    let sumC = 0;
    let open = 1;
    for (const target of targets) {
      const { level } = target;
      const column = target.columnAt0 + (slopesX[index] ?? 0) * target.factor;
      const row = Math.min(target.rowAt0 + (slopesY[index] ?? 0) * target.factor, level.height - 1.001);
      if (column < 0 || row < 0 || column >= level.width - 1) continue;
      // Below 2^31: truncation is the floor.
      const left = column | 0;
      const top = row | 0;
      const at = 2 * (top * level.width + left);
      sumC += open * bilinear(level, at, column - left, row - top);
      open *= 1 - bilinear(level, at + 1, column - left, row - top);
      if (open < 1e-6) return sumC;
    }
    return sumC + open * wallAt(index);
  };

  return {
    render(bodies, toC) {
      const targets = bodies.flatMap((body) => targetOf(body, mount, pixelSlope));
      for (let pixel = 0; pixel < width * height; pixel++) {
        const first = pixel * perPixel;
        if (
          !targets.some((target) =>
            mayMeet(target, slopesX[first + middle] ?? 0, slopesY[first + middle] ?? 0),
          )
        ) {
          toC[pixel] = wallAt(first + middle);
          continue;
        }
        let sumC = 0;
        for (let point = 0; point < perPixel; point++)
          sumC += (weights[point] ?? 0) * sample(targets, first + point);
        toC[pixel] = sumC;
      }
    },
  };
}

function targetOf({ place, heat }: WarmBody, mount: Mount, pixelSlope: number): Target[] {
  const depthM = place.z - mount.offsetM.z;
  const pixelM = depthM * pixelSlope;
  const level = heatLevelFor(heat, (pixelM * STEP) / 2);
  if (level === undefined || depthM <= 0) return [];
  return [
    {
      level,
      columnAt0: (mount.offsetM.x - place.x - CANVAS.left) / level.cellM - 0.5,
      rowAt0: (mount.offsetM.y - place.y - CANVAS.top) / level.cellM - 0.5,
      factor: depthM / level.cellM,
      // Off axis a pixel spans more of the plane: twice the middle's is enough for every lens here within 45 degrees.
      margin: (2 * REACH * pixelM) / level.cellM,
    },
  ];
}

function mayMeet({ level, columnAt0, rowAt0, factor, margin }: Target, a: number, b: number): boolean {
  const column = columnAt0 + a * factor;
  return column > -margin && column < level.width + margin && rowAt0 + b * factor > -margin;
}

/** Turns a direction in the array's axes to a slope (z = 1) in the camera's. */
function cameraSlopeOf(mount: Mount): (direction: Vector3) => Vector3 {
  const { x, y, z } = mount.offsetM;
  // The camera's axes as the array sees them: the columns of a rotation, whose inverse is its transpose.
  const right = toThermalAxes({ x: x + 1, y, z }, mount);
  const down = toThermalAxes({ x, y: y + 1, z }, mount);
  const ahead = toThermalAxes({ x, y, z: z + 1 }, mount);
  return (direction) => {
    const forward = dot(ahead, direction);
    return { x: dot(right, direction) / forward, y: dot(down, direction) / forward, z: 1 };
  };
}

function dot(a: Vector3, b: Vector3): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

/** Column and row of a sample, counted from the pixel's middle. */
function sampleOf(point: number): readonly [number, number] {
  const half = (SAMPLES - 1) / 2;
  return [(point % SAMPLES) - half, Math.floor(point / SAMPLES) - half];
}

/** Gaussian, summing to one. */
function responseWeights(): Float64Array {
  const sigma = RESPONSE_FWHM / (2 * Math.sqrt(2 * Math.LN2));
  const weights = Float64Array.from({ length: SAMPLES * SAMPLES }, (_, point) => {
    const [column, row] = sampleOf(point);
    return Math.exp(-((column * STEP) ** 2 + (row * STEP) ** 2) / (2 * sigma * sigma));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** One of a cell's two numbers, read between the cell at `at`, the next one and the two below. */
function bilinear({ cells, width }: HeatLevel, at: number, fx: number, fy: number): number {
  const below = at + 2 * width;
  const upper = (cells[at] ?? 0) * (1 - fx) + (cells[at + 2] ?? 0) * fx;
  const lower = (cells[below] ?? 0) * (1 - fx) + (cells[below + 2] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}
