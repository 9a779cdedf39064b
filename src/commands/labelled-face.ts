import type { StagedPhoto } from '../camera/staged-photo.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import { centreOf, intersectionOverUnion, type Rect } from '../domain/geometry.ts';
import type { FaceFinder } from '../ports/face-finder.ts';

/** A face nobody could place is taken to fill so much of its photo, as most of these photos are cropped. */
const GUESSED_SHARE = 0.8;
/** Overlap with the labelled face from which a found one is that face. */
const SAME_FACE = 0.3;
/** Least height of a found face whose place was guessed, over the guessed height. */
const PLAUSIBLE_SHARE = 0.3;

/** Where the face of a photo lies in it, and whether that is only guessed. */
export type LabelledFace = Readonly<{ box: Rect; guessed: boolean }>;

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

/** Whether a found box is the photo's face; one whose place is guessed need only lie in the photo and be of its size. */
export function isLabelledFace(box: Rect, { face, photo }: StagedPhoto, guessed: boolean): boolean {
  if (!guessed) return intersectionOverUnion(box, face) >= SAME_FACE;
  const { x, y } = centreOf(box);
  const inside = x >= photo.x && y >= photo.y && x <= photo.x + photo.width && y <= photo.y + photo.height;
  return inside && box.height >= PLAUSIBLE_SHARE * face.height;
}
