import sharp from 'sharp';
import { rgbToI420 } from '../../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../../domain/camera-frame.ts';
import { centreOf, type Rect } from '../../domain/geometry.ts';
import type { Random } from '../../simulation/random.ts';
import type { Margins, SurveyedPhoto } from '../surveyed-photo.ts';
import { decodePhoto, type FacePicture, movedFace } from './picture.ts';

/** Side of the frames that photos are put on: what the gate's camera shows the detector, pixels. */
export const FRAME_SIDE = 480;

/** How a photo is put before the camera. */
export type Staging = Readonly<{
  /** Side of the face's box in the frame, pixels. */
  boxPx: number;
  /** Width over height, against the photo's. */
  stretch: number;
  mirrored: boolean;
  /** Sigma of a soft focus, box sides; 0 for none. */
  blur: number;
  /** What is shown at most. */
  margins: Margins;
  /** What lies around the photo: nothing, as beyond the frame's edge, one colour, or the colours of another photo. */
  around: 'black' | 'grey' | 'other-photo';
}>;

/** The staging that figures are reported for. */
export function plainStaging(margins: Margins): Staging {
  return { boxPx: 150, stretch: 1, mirrored: false, blur: 0, margins, around: 'grey' };
}

export function randomStaging(margins: Margins, random: Random): Staging {
  const focus = random.uniform();
  const around = random.uniform();
  return {
    boxPx: 42 * (250 / 42) ** random.uniform(),
    stretch: Math.exp(0.12 * random.normal()),
    mirrored: random.uniform() < 0.5,
    blur: focus < 0.35 ? 0.004 + 0.02 * random.uniform() : focus < 0.45 ? 0.02 + 0.05 * random.uniform() : 0,
    margins: random.uniform() < 0.25 ? cutSide(margins, random) : margins,
    around: around < 0.4 ? 'black' : around < 0.6 ? 'grey' : 'other-photo',
  };
}

/** What a face may show at most when it must show no more than another one does. */
export function narrower(a: Margins, b: Margins): Margins {
  return {
    left: Math.min(a.left, b.left),
    right: Math.min(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

/** A face half out of the picture. */
function cutSide(margins: Margins, random: Random): Margins {
  const to = 0.2 + 0.4 * random.uniform();
  const side = (['left', 'right', 'top', 'bottom'] as const)[Math.floor(4 * random.uniform())] ?? 'left';
  return { ...margins, [side]: Math.min(margins[side], to) };
}

/** The photo at its size in the frame, with its face. */
export async function photoPicture(photo: SurveyedPhoto, staging: Staging): Promise<FacePicture> {
  const { face } = photo;
  const scale = staging.boxPx / Math.max(face.box.width, face.box.height);
  const width = Math.max(8, Math.round(photo.width * scale * Math.sqrt(staging.stretch)));
  const height = Math.max(8, Math.round((photo.height * scale) / Math.sqrt(staging.stretch)));
  return {
    width,
    height,
    rgb: await decodePhoto(photo.file, { width, height }, staging.mirrored),
    face: movedFace(face, width / photo.width, height / photo.height, staging.mirrored ? width : null),
  };
}

/** A frame with the picture's face in its middle, and where the face's box lies. */
export async function stagePicture(
  picture: FacePicture,
  staging: Staging,
  other: SurveyedPhoto,
  random: Random,
): Promise<Readonly<{ frame: CameraFrame; box: Rect }>> {
  const shown = await focused(picture, staging.blur * staging.boxPx);
  const side = FRAME_SIDE;
  const rgb = await surroundings(staging.around, other, random);
  const centre = centreOf(picture.face.box);
  const unit = staging.boxPx;
  const { left, right, top, bottom } = staging.margins;
  const fromX = Math.round(Math.max(0, centre.x - left * unit, centre.x - side / 2));
  const fromY = Math.round(Math.max(0, centre.y - top * unit, centre.y - side / 2));
  const toX = Math.round(Math.min(picture.width, centre.x + right * unit, centre.x + side / 2 - 1));
  const toY = Math.round(Math.min(picture.height, centre.y + bottom * unit, centre.y + side / 2 - 1));
  const x = Math.round(side / 2 - centre.x + fromX);
  const y = Math.round(side / 2 - centre.y + fromY);
  for (let row = fromY; row < toY; row++) {
    const line = shown.subarray(3 * (row * picture.width + fromX), 3 * (row * picture.width + toX));
    rgb.set(line, 3 * ((y + row - fromY) * side + x));
  }
  const { box } = picture.face;
  return {
    frame: rgbToI420(rgb, side, side, 0),
    box: { ...box, x: box.x + x - fromX, y: box.y + y - fromY },
  };
}

async function focused({ rgb, width, height }: FacePicture, sigmaPx: number): Promise<Uint8Array> {
  if (sigmaPx < 0.3) return rgb;
  return await sharp(rgb, { raw: { width, height, channels: 3 } })
    .blur(sigmaPx)
    .raw({ depth: 'uchar' })
    .toBuffer();
}

/** Pixels of another photo that are enough for its colours. */
const COLOURS_SIDE = 9;

async function surroundings(
  around: Staging['around'],
  other: SurveyedPhoto,
  random: Random,
): Promise<Uint8Array> {
  const rgb = new Uint8Array(FRAME_SIDE * FRAME_SIDE * 3);
  if (around === 'black') return rgb;
  if (around === 'grey') return rgb.fill(Math.round(255 * random.uniform()));
  const small = { width: COLOURS_SIDE, height: COLOURS_SIDE };
  const colours = await decodePhoto(other.file, small);
  return await sharp(colours, { raw: { ...small, channels: 3 } })
    .resize(FRAME_SIDE, FRAME_SIDE)
    .raw({ depth: 'uchar' })
    .toBuffer();
}
