import type { Point, Rect } from './geometry.ts';

/** Where the detector saw a face in a camera frame. Holds a place, never an identity. */
export type Face = Readonly<{
  /** Camera pixels; the detector's own box: brow to chin, ear to ear. */
  box: Rect;
  /** Detector confidence, 0..1. */
  score: number;
  /** Camera pixels: right eye, left eye, nose tip, mouth, right ear, left ear (as seen, left to right for the eyes). */
  keyPoints: readonly Point[];
}>;

/** A detected face with the chance, 0..1, that a mask is worn over nose and mouth; null where it was not asked. */
export type SeenFace = Face & Readonly<{ maskProbability: number | null }>;

/** The nose tip may lie so far from between the eyes, in eye distances (about 30 degrees of turning). */
const FRONTAL = 0.35;

/** Whether a face looks to the camera; one whose key points are unknown counts as doing so. */
export function isFrontal({ keyPoints: [rightEye, leftEye, noseTip] }: Face): boolean {
  if (!rightEye || !leftEye || !noseTip) return true;
  const eyeDistance = Math.abs(leftEye.x - rightEye.x);
  return Math.abs(noseTip.x - (leftEye.x + rightEye.x) / 2) <= FRONTAL * eyeDistance;
}

/** What the gate says about a mask. */
export type MaskState = 'worn' | 'not-worn' | 'unsure';
