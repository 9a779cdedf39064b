import type { Face } from '../domain/face.ts';
import { intersectionOverUnion } from '../domain/geometry.ts';

/** Share of overlap from which two boxes are taken for one face. */
const SAME_FACE_OVERLAP = 0.3;

/**
 * Weighted non-maximum suppression: overlapping boxes become one, the mean of all weighted by score, with the best
 * score. Steadier from frame to frame than keeping the best box alone. Best face first.
 */
export function mergeOverlapping(faces: readonly Face[]): Face[] {
  let left = faces.toSorted((a, b) => b.score - a.score);
  const merged: Face[] = [];
  for (let best = left[0]; best !== undefined; best = left[0]) {
    const group: Face[] = [best];
    const others: Face[] = [];
    for (const face of left.slice(1)) {
      (intersectionOverUnion(best.box, face.box) > SAME_FACE_OVERLAP ? group : others).push(face);
    }
    merged.push(weightedMean(best, group));
    left = others;
  }
  return merged;
}

function weightedMean(best: Face, group: readonly Face[]): Face {
  const total = group.reduce((sum, face) => sum + face.score, 0);
  const mean = (value: (face: Face) => number): number =>
    group.reduce((sum, face) => sum + value(face) * face.score, 0) / total;
  return {
    box: {
      x: mean((face) => face.box.x),
      y: mean((face) => face.box.y),
      width: mean((face) => face.box.width),
      height: mean((face) => face.box.height),
    },
    score: best.score,
    keyPoints: best.keyPoints.map((_, index) => ({
      x: mean((face) => face.keyPoints[index]?.x ?? 0),
      y: mean((face) => face.keyPoints[index]?.y ?? 0),
    })),
  };
}
