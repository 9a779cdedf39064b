import type { Letterbox } from '../camera/letterbox.ts';
import type { Face } from '../domain/face.ts';

/** Values per anchor: centre x, y, width, height, then x, y of six key points. */
const REGRESSION_LENGTH = 16;
const KEY_POINTS = 6;

/** One output grid of the network, flattened. */
export type GridOutput = Readonly<{
  /** One logit per anchor. */
  logits: Float32Array;
  /** 16 values per anchor, input pixels relative to the anchor's centre. */
  regressions: Float32Array;
  /** x, y per anchor, input pixels. */
  anchors: Float32Array;
}>;

/** Every anchor at or above `threshold` (0..1, exclusive) as a face in picture pixels; many overlap. */
export function decodeGrid(grid: GridOutput, view: Letterbox, threshold: number): Face[] {
  const leastLogit = Math.log(threshold / (1 - threshold));
  const faces: Face[] = [];
  grid.logits.forEach((logit, anchor) => {
    if (logit >= leastLogit) faces.push(faceAt(grid, anchor, logit, view));
  });
  return faces;
}

function faceAt(grid: GridOutput, anchor: number, logit: number, view: Letterbox): Face {
  const anchorX = grid.anchors[2 * anchor] ?? 0;
  const anchorY = grid.anchors[2 * anchor + 1] ?? 0;
  const at = anchor * REGRESSION_LENGTH;
  const point = (offset: number) => ({
    x: view.window.x + ((grid.regressions[at + offset] ?? 0) + anchorX - view.left) / view.scale,
    y: view.window.y + ((grid.regressions[at + offset + 1] ?? 0) + anchorY - view.top) / view.scale,
  });
  const centre = point(0);
  const width = (grid.regressions[at + 2] ?? 0) / view.scale;
  const height = (grid.regressions[at + 3] ?? 0) / view.scale;
  return {
    box: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
    score: 1 / (1 + Math.exp(-logit)),
    keyPoints: Array.from({ length: KEY_POINTS }, (_, index) => point(4 + 2 * index)),
  };
}
