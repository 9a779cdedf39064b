import { layPhoto } from '../camera/lay-photo.ts';
import { centreSquare } from '../camera/letterbox.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import { centreOf, intersectionOverUnion, type Rect } from '../domain/geometry.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import type { Random } from '../simulation/random.ts';

/** What a photo is shown on: a gate's camera frame, pixels. */
export const FRAME = { width: 640, height: 480 } as const;
/** Height of the face's box in the frame: least and greatest, pixels. */
const FACE_HEIGHT_PX = [100, 260] as const;
const SURROUND_GREY = 128;
/** A face nobody could place is taken to fill so much of its photo, as most of these photos are cropped. */
const GUESSED_SHARE = 0.8;
/** Overlap with the labelled face from which a found one is that face. */
const SAME_FACE = 0.3;
/** How much a guessed face may be off: share of its photo's shorter side that a found face's side must be. */
const PLAUSIBLE_SHARE = 0.25;

/** Where the face of a photo lies in it, and whether that is only guessed. */
export type LabelledFace = Readonly<{ box: Rect; guessed: boolean }>;

/** A photo on a camera frame. */
export type StagedPhoto = Readonly<{ frame: CameraFrame; face: Rect; photo: Rect; guessed: boolean }>;

/**
 * The photo's face: the largest that a thorough look at the whole photo finds. Its size decides how large the photo is
 * shown; a photo in which none is found is taken to be filled by one.
 */
export async function labelledFace(photo: CameraFrame, thorough: FaceFinder): Promise<LabelledFace> {
  const faces = await thorough.find(photo, false);
  const [largest] = faces.toSorted((a, b) => b.box.height * b.score - a.box.height * a.score);
  if (largest !== undefined) return { box: largest.box, guessed: false };
  const { width, height } = photo;
  const side = GUESSED_SHARE * Math.min(width, height);
  return {
    box: { x: (width - side) / 2, y: (height - side) / 2, width: side, height: side },
    guessed: true,
  };
}

/** The photo with its face 100 to 260 pixels tall, anywhere in the square that the gate looks at. */
export function stagePhoto(photo: CameraFrame, { box, guessed }: LabelledFace, random: Random): StagedPhoto {
  const [least, most] = FACE_HEIGHT_PX;
  const height = least + (most - least) * random.uniform();
  const scale = height / box.height;
  const width = box.width * scale;
  const seen = centreSquare(FRAME.width, FRAME.height);
  const x = seen.x + Math.max(0, seen.width - width) * random.uniform();
  const y = seen.y + Math.max(0, seen.height - height) * random.uniform();
  const place = { left: x - box.x * scale, top: y - box.y * scale, scale };
  return {
    frame: layPhoto(photo, place, FRAME, SURROUND_GREY),
    face: { x, y, width, height },
    photo: { x: place.left, y: place.top, width: photo.width * scale, height: photo.height * scale },
    guessed,
  };
}

/** Whether a found box is the photo's face; one whose place is guessed need only lie in the photo and be of its size. */
export function isLabelledFace(box: Rect, { face, photo, guessed }: StagedPhoto): boolean {
  if (!guessed) return intersectionOverUnion(box, face) >= SAME_FACE;
  const { x, y } = centreOf(box);
  const inside = x >= photo.x && y >= photo.y && x <= photo.x + photo.width && y <= photo.y + photo.height;
  return inside && box.height >= PLAUSIBLE_SHARE * Math.min(photo.width, photo.height);
}

/** A part of a picture without faces that fills the frame; another one for each call. */
export function stageEmpty(picture: CameraFrame, random: Random): CameraFrame {
  const fitting = Math.max(FRAME.width / picture.width, FRAME.height / picture.height);
  const scale = fitting * 4 ** random.uniform();
  const left = (FRAME.width - picture.width * scale) * random.uniform();
  const top = (FRAME.height - picture.height * scale) * random.uniform();
  return layPhoto(picture, { left, top, scale }, FRAME, SURROUND_GREY);
}
