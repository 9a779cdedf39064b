import type { Point } from './geometry.ts';

/** A direction or place in a camera's own axes: x right, y down, z along the view; metres where it is a place. */
export type Vector3 = Readonly<{ x: number; y: number; z: number }>;

/** How one optical system maps directions to pixels and back. */
export type Optics = Readonly<{
  width: number;
  height: number;
  /** Pixel of a place in front of the lens (z > 0). */
  project(place: Vector3): Point;
  /** Direction of a pixel, scaled to z = 1. */
  ray(pixel: Point): Vector3;
}>;

const DEGREE = Math.PI / 180;

/** A rectilinear camera; `horizontalFovDeg` across `width` pixels, square pixels, centred axis. */
export function pinholeOptics(width: number, height: number, horizontalFovDeg: number): Optics {
  const focalPx = width / 2 / Math.tan((horizontalFovDeg * DEGREE) / 2);
  return {
    width,
    height,
    project: ({ x, y, z }) => ({ x: width / 2 + (focalPx * x) / z, y: height / 2 + (focalPx * y) / z }),
    ray: (pixel) => ({ x: (pixel.x - width / 2) / focalPx, y: (pixel.y - height / 2) / focalPx, z: 1 }),
  };
}

/** The two lenses of the MLX90640: BAA 110 x 75 degrees, BAB 55 x 35 degrees (datasheet section 1). */
export type ThermalLens = 'BAA' | 'BAB';

const LENS_FOV_DEG: Readonly<Record<ThermalLens, readonly [number, number]>> = {
  BAA: [110, 75],
  BAB: [55, 35],
};

/**
 * The thermal array's optics. The wide lens is near f-theta (pixel proportional to the angle off axis), not
 * rectilinear; the narrow lens is treated alike, its difference from rectilinear stays under 0.3 pixels to 14 degrees.
 * Column 0 is on the left as the sensor looks at the scene, after the driver has undone the array's mirroring.
 */
export function thermalOptics(lens: ThermalLens): Optics {
  const [horizontalDeg, verticalDeg] = LENS_FOV_DEG[lens];
  const width = 32;
  const height = 24;
  const columnsPerRadian = width / (horizontalDeg * DEGREE);
  const rowsPerRadian = height / (verticalDeg * DEGREE);
  return {
    width,
    height,
    project: ({ x, y, z }) => {
      const off = Math.hypot(x, y);
      const scale = off === 0 ? 1 / z : Math.atan2(off, z) / off;
      return { x: width / 2 + x * scale * columnsPerRadian, y: height / 2 + y * scale * rowsPerRadian };
    },
    ray: (pixel) => {
      const ax = (pixel.x - width / 2) / columnsPerRadian;
      const ay = (pixel.y - height / 2) / rowsPerRadian;
      const off = Math.hypot(ax, ay);
      const scale = off === 0 ? 1 : Math.tan(off) / off;
      return { x: ax * scale, y: ay * scale, z: 1 };
    },
  };
}

/** Where the thermal array sits, seen from the camera: its place in metres and its rotation. */
export type Mount = Readonly<{
  /** Place of the thermal lens in the camera's axes, metres. */
  offsetM: Vector3;
  /** Rotation about the camera's y axis (positive looks right), x axis (positive looks up) and z axis, radians. */
  yawRad: number;
  pitchRad: number;
  rollRad: number;
}>;

/** A place in the camera's axes, told in the thermal array's axes. */
export function toThermalAxes(place: Vector3, mount: Mount): Vector3 {
  const x0 = place.x - mount.offsetM.x;
  const y0 = place.y - mount.offsetM.y;
  const z0 = place.z - mount.offsetM.z;
  const [cy, sy] = [Math.cos(mount.yawRad), Math.sin(mount.yawRad)];
  const x1 = x0 * cy - z0 * sy;
  const z1 = x0 * sy + z0 * cy;
  const [cp, sp] = [Math.cos(mount.pitchRad), Math.sin(mount.pitchRad)];
  const y2 = y0 * cp + z1 * sp;
  const z2 = -y0 * sp + z1 * cp;
  const [cr, sr] = [Math.cos(mount.rollRad), Math.sin(mount.rollRad)];
  return { x: x1 * cr + y2 * sr, y: -x1 * sr + y2 * cr, z: z2 };
}
