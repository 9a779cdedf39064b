import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Rect } from '../domain/geometry.ts';
import { layPhoto } from './lay-photo.ts';
import { centreSquare } from './letterbox.ts';

/** The camera frame that photos are shown on, pixels. */
const STAGE = { width: 640, height: 480 } as const;

/** How a photo of a face is shown. */
export type Staging = Readonly<{
  /** Height of the face's box in the frame, pixels. */
  faceHeightPx: number;
  /** Place of the face in the square that the gate looks at: 0 at its left and top edge, 1 at the others. */
  right: number;
  down: number;
  /** Grey of the frame around the photo, 0..255. */
  surround: number;
}>;

/** A photo on a camera frame, with where its face and its edges came to lie, frame pixels. */
export type StagedPhoto = Readonly<{ frame: CameraFrame; face: Rect; photo: Rect }>;

/** The photo on a camera frame, its face (a box in the photo) as large and where the staging says. */
export function stagePhoto(photo: CameraFrame, box: Rect, staging: Staging): StagedPhoto {
  const { faceHeightPx: height, right, down, surround } = staging;
  const scale = height / box.height;
  const width = box.width * scale;
  const seen = centreSquare(STAGE.width, STAGE.height);
  const x = seen.x + Math.max(0, seen.width - width) * right;
  const y = seen.y + Math.max(0, seen.height - height) * down;
  const place = { left: x - box.x * scale, top: y - box.y * scale, scale };
  return {
    frame: layPhoto(photo, place, STAGE, surround),
    face: { x, y, width, height },
    photo: { x: place.left, y: place.top, width: photo.width * scale, height: photo.height * scale },
  };
}

/**
 * A part of the picture that fills the frame.
 * @param zoom 1 shows as much as fits, 4 a quarter of it along each side
 */
export function stageBackground(
  picture: CameraFrame,
  { zoom, right, down }: Readonly<{ zoom: number; right: number; down: number }>,
): CameraFrame {
  const scale = zoom * Math.max(STAGE.width / picture.width, STAGE.height / picture.height);
  const left = (STAGE.width - picture.width * scale) * right;
  const top = (STAGE.height - picture.height * scale) * down;
  return layPhoto(picture, { left, top, scale }, STAGE, 0);
}
