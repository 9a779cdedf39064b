import type { Face } from '../domain/face.ts';
import { BACKBONE_NUMBERS, faceCrop } from './face-crop.ts';
import { type MaskHead, maskProbability } from './mask-head.ts';

/** Brings the detector's logit to the size of the backbone's features, whose root mean square is about 3. */
const LOGIT_GAIN = 0.75;
const LOGIT_SHIFT = 4;

/** What the check reads of one candidate: what the backbone sees in its crop, then the detector's score (0..1, exclusive). */
export function checkInput(features: Float32Array, score: number): Float32Array {
  const input = new Float32Array(BACKBONE_NUMBERS + 1);
  input.set(features.subarray(0, BACKBONE_NUMBERS));
  input[BACKBONE_NUMBERS] = LOGIT_GAIN * (Math.log(score / (1 - score)) + LOGIT_SHIFT);
  return input;
}

/** Chance, 0..1, that a candidate of the detector is a face and its box fits it. */
export function faceProbability(check: MaskHead, features: Float32Array, score: number): number {
  return maskProbability(check, checkInput(features, score));
}

/** Tells one way of cropping from another: the check understands only the crops it was trained on. */
export function cropFingerprint(): string {
  const face: Face = {
    box: { x: 100, y: 200, width: 60, height: 50 },
    score: 1,
    keyPoints: [
      { x: 115, y: 215 },
      { x: 145, y: 221 },
    ],
  };
  const { originX, originY, stepX, stepY } = faceCrop(face);
  return [originX, originY, stepX, stepY].map((value) => value.toFixed(4)).join(' ');
}
