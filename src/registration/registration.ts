import type { Face } from '../domain/face.ts';
import type { Rect } from '../domain/geometry.ts';
import type { Optics } from '../domain/optics.ts';
import type { ThermalRegion } from '../domain/thermal-region.ts';
import { faceDistanceM, type RegistrationGeometry, thermalPixelOf } from './geometry.ts';

/** Tells where a camera face lies in the thermal picture. */
export interface Registration {
  /** Null when the face is too small or malformed to have a distance. */
  locate(face: Face): ThermalRegion | null;
}

/** Share of the way from the eyes to the nose tip at which a mask's upper edge sits. */
const MASK_LINE = 0.45;
/** The forehead above the detector's box that still counts as skin, in box heights. */
const FOREHEAD = 0.12;
/** Half the width of the upper face around the eyes' midpoint, in box widths: the ears and the hair stay out. */
const HALF_WIDTH = 0.4;
const RIGHT_EYE = 0;
const LEFT_EYE = 1;
const NOSE_TIP = 2;

/**
 * Two pinhole-like cameras with a baseline and a small rotation. The distance comes from the face's apparent width
 * (people differ by some 6 %), and with it the parallax, so one geometry holds from 0.4 to 1.5 m.
 */
export function createRegistration(geometry: RegistrationGeometry): Registration {
  const { camera, thermal, faceBoxWidthM } = geometry;

  const rectToThermal = (rect: Rect, distanceM: number): Rect => {
    const corners = [0, 1, 2, 3].map((corner) =>
      thermalPixelOf(
        geometry,
        { x: rect.x + (corner % 2) * rect.width, y: rect.y + (corner >> 1) * rect.height },
        distanceM,
      ),
    );
    const xs = corners.map((corner) => corner.x);
    const ys = corners.map((corner) => corner.y);
    const x = Math.min(...xs);
    const y = Math.min(...ys);
    return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  };

  return {
    locate(face) {
      const distanceM = faceDistanceM(face.box, camera, faceBoxWidthM);
      if (distanceM === null) return null;
      const upperFace = rectToThermal(upperFaceOf(face), distanceM);
      return {
        face: rectToThermal(face.box, distanceM),
        upperFace,
        distanceM,
        inView: shareInView(upperFace, thermal),
      };
    },
  };
}

/** Forehead to the bridge of the nose, in camera pixels. */
function upperFaceOf(face: Face): Rect {
  const { box } = face;
  const rightEye = face.keyPoints[RIGHT_EYE];
  const leftEye = face.keyPoints[LEFT_EYE];
  const noseTip = face.keyPoints[NOSE_TIP];
  const eyes =
    rightEye && leftEye
      ? { x: (rightEye.x + leftEye.x) / 2, y: (rightEye.y + leftEye.y) / 2 }
      : { x: box.x + box.width / 2, y: box.y + box.height * 0.35 };
  const noseY = noseTip?.y ?? box.y + box.height * 0.6;
  const top = box.y - FOREHEAD * box.height;
  const bottom = Math.max(eyes.y + MASK_LINE * (noseY - eyes.y), eyes.y + 0.05 * box.height);
  return {
    x: eyes.x - HALF_WIDTH * box.width,
    y: top,
    width: 2 * HALF_WIDTH * box.width,
    height: bottom - top,
  };
}

function shareInView(rect: Rect, optics: Optics): number {
  const width = Math.min(rect.x + rect.width, optics.width) - Math.max(rect.x, 0);
  const height = Math.min(rect.y + rect.height, optics.height) - Math.max(rect.y, 0);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (rect.width * rect.height);
}
