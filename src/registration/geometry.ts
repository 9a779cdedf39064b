import type { Point, Rect } from '../domain/geometry.ts';
import { type Mount, type Optics, toThermalAxes } from '../domain/optics.ts';

/** The two sensors' geometry, and the size that turns pixels into metres. */
export type RegistrationGeometry = Readonly<{
  camera: Optics;
  thermal: Optics;
  mount: Mount;
  /** Width in metres that the detector's box spans on an adult's face. */
  faceBoxWidthM: number;
}>;

/** Where the thermal array sees what a camera pixel shows at a distance along the camera's axis, metres. */
export function thermalPixelOf(
  { camera, thermal, mount }: Pick<RegistrationGeometry, 'camera' | 'thermal' | 'mount'>,
  pixel: Point,
  distanceM: number,
): Point {
  const ray = camera.ray(pixel);
  const place = { x: ray.x * distanceM, y: ray.y * distanceM, z: distanceM };
  return thermal.project(toThermalAxes(place, mount));
}

/** Distance along the camera's axis from the width of a face box, metres; null for an empty box. */
export function faceDistanceM(box: Rect, camera: Optics, faceBoxWidthM: number): number | null {
  const y = box.y + box.height / 2;
  const span = camera.ray({ x: box.x + box.width, y }).x - camera.ray({ x: box.x, y }).x;
  return span > 0 ? faceBoxWidthM / span : null;
}
