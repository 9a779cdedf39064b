/**
 * The measures that the picture and the warmth of a visitor share. Places in metres from the centre of the face (between
 * brow and chin), x to the camera's right, y down.
 */
export const FIGURE = {
  /** Ear to ear. */
  faceWidthM: 0.15,
  /** Half axes of the head without ears, and its centre. */
  head: { x: 0, y: -0.018, rx: 0.07, ry: 0.112 },
  /** The hair starts here, on the forehead's middle. */
  hairlineY: -0.082,
  browY: -0.046,
  eyeY: -0.027,
  /** Pupils, either side. */
  eyeX: 0.0315,
  /** Inner eye corners, either side. */
  cornerX: 0.0165,
  nose: { y: 0.018, halfWidth: 0.017 },
  mouthY: 0.05,
  ear: { x: 0.069, y: -0.006, rx: 0.009, ry: 0.026 },
  /** Upper and lower edge of a worn mask in the middle; upper edge of one worn under the nose. */
  mask: { top: 0.002, bottom: 0.1, underNoseTop: 0.033 },
  neck: { halfWidth: 0.052, bottom: 0.15 },
  shoulder: { halfWidth: 0.22, top: 0.14 },
  /** Half side of the square round a held card, hand or cup. */
  prop: { halfSize: 0.13 },
} as const;

/** The rectangle that any sprite or heat map covers; what is drawn at its lower edge goes on downwards. */
export const CANVAS = { left: -0.25, top: -0.16, width: 0.5, height: 0.52 } as const;
