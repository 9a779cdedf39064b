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

/** What the gate says about a mask. */
export type MaskState = 'worn' | 'not-worn' | 'unsure';
