import sharp from 'sharp';
import { rgbToI420 } from '../camera/rgb-to-i420.ts';
import type { CameraFrame } from '../domain/camera-frame.ts';
import type { Face } from '../domain/face.ts';
import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { LabelledPhoto } from './labelled-photos.ts';
import { decodePhoto } from './staging/picture.ts';
import type { SurveyedPhoto } from './surveyed-photo.ts';

/** Faces under this score are left out: the gate never judges them. */
const LEAST_SCORE = 0.35;
/** The detector sees a face that fills its photo only with some room around it, of the longer side. */
const ROOM = 0.2;
/** Enough for the one face that a photo is about, pixels. */
const SURVEY_INPUT = 160;

/** The photo with its face, or null when the detector sees none. */
export async function surveyPhoto(network: FaceNetwork, photo: LabelledPhoto): Promise<SurveyedPhoto | null> {
  const { width, height } = await sharp(photo.file).metadata();
  const room = 2 * Math.round((ROOM * Math.max(width, height)) / 2);
  const { data, info } = await sharp(await decodePhoto(photo.file, { width, height }), {
    raw: { width, height, channels: 3 },
  })
    .extend({ top: room, bottom: room, left: room, right: room, background: '#808080' })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const frame = rgbToI420(data, info.width, info.height, 0);
  const window = { x: 0, y: 0, width: frame.width, height: frame.height };
  const [face] = network.detect(frame, window, SURVEY_INPUT, LEAST_SCORE);
  return face === undefined ? null : { ...photo, width, height, face: withoutRoom(face, room) };
}

function withoutRoom({ box, score, keyPoints }: Face, room: number): Face {
  return {
    score,
    box: { ...box, x: box.x - room, y: box.y - room },
    keyPoints: keyPoints.map(({ x, y }) => ({ x: x - room, y: y - room })),
  };
}

/** The photo itself as a frame, and the face the detector sees in it; null when it sees none. */
export async function wholePhotoFace(
  network: FaceNetwork,
  { file, width, height }: SurveyedPhoto,
): Promise<Readonly<{ frame: CameraFrame; face: Face }> | null> {
  const frame = rgbToI420(await decodePhoto(file, { width, height }), width, height, 0);
  const window = { x: 0, y: 0, width: frame.width, height: frame.height };
  const [face] = network.detect(frame, window, 256, LEAST_SCORE);
  return face === undefined ? null : { frame, face };
}
