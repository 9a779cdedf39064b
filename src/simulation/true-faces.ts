import type { Face, SeenFace } from '../domain/face.ts';
import type { Optics, Vector3 } from '../domain/optics.ts';
import type { FaceFinder } from '../ports/face-finder.ts';
import { type Random, seededRandom } from './random.ts';
import type { Scene } from './scene/scene.ts';

/**
 * Where the real detector puts its box and key points on a simulated face, metres from the face's centre: means over 454
 * looks at 40 visitors.
 */
const BARE = { left: -0.0776, right: 0.0762, top: -0.0639, bottom: 0.0899, eyeY: -0.0224, noseY: 0.0132 };
const MASKED = { left: -0.0731, right: 0.0722, top: -0.0623, bottom: 0.083, eyeY: -0.0259, noseY: 0.0039 };
const EYE_X_M = 0.032;
/** Scatter of the same places, metres: from visitor to visitor, and from look to look. */
const BETWEEN_VISITORS_M = 0.0025;
const BETWEEN_LOOKS_M = 0.001;

/** How the box and the key points of one look are off, metres. */
export type BoxScatter = Readonly<{
  left: number;
  right: number;
  top: number;
  bottom: number;
  eyeX: number;
  eyeY: number;
  noseX: number;
  noseY: number;
}>;

/** A visitor's own scatter, or a look's. */
export function boxScatter(random: Random, sdM: number = BETWEEN_VISITORS_M): BoxScatter {
  const off = (): number => sdM * random.normal();
  return {
    left: off(),
    right: off(),
    top: off(),
    bottom: off(),
    eyeX: off() / 2,
    eyeY: off() / 2,
    noseX: off(),
    noseY: off(),
  };
}

/** The detector's answer for a face whose place is known. */
export function trueFace(
  place: Vector3,
  masked: boolean,
  camera: Optics,
  scatters: readonly BoxScatter[] = [],
): Face {
  const means = masked ? MASKED : BARE;
  const off = (of: keyof BoxScatter): number => scatters.reduce((sum, scatter) => sum + scatter[of], 0);
  const at = (x: number, y: number) => camera.project({ x: place.x + x, y: place.y + y, z: place.z });
  const corner = at(means.left + off('left'), means.top + off('top'));
  const opposite = at(means.right + off('right'), means.bottom + off('bottom'));
  const eyeY = means.eyeY + off('eyeY');
  return {
    box: { ...corner, width: opposite.x - corner.x, height: opposite.y - corner.y },
    score: 0.9,
    keyPoints: [
      at(-EYE_X_M + off('eyeX'), eyeY),
      at(EYE_X_M + off('eyeX'), eyeY),
      at(off('noseX'), means.noseY + off('noseY')),
    ],
  };
}

/** Finds the faces of a scene from the truth, with the detector's scatter and without its cost. */
export function trueFaceFinder(scene: Scene, camera: Optics, seed: number): FaceFinder {
  const random = seededRandom(seed);
  const own = new Map<number, BoxScatter>();
  return {
    find: async (frame) =>
      scene.visibleAt(frame.atMs).flatMap(({ number, place }): SeenFace[] => {
        const truth = scene.visitors[number - 1];
        const centre = camera.project(place);
        const inPicture = centre.x > 0 && centre.y > 0 && centre.x < camera.width && centre.y < camera.height;
        if (truth === undefined || !inPicture || !hasFace(truth.behaviour)) return [];
        const visitors = own.get(number) ?? boxScatter(random);
        own.set(number, visitors);
        const masked = truth.mask === 'worn';
        const face = trueFace(place, masked, camera, [visitors, boxScatter(random, BETWEEN_LOOKS_M)]);
        return [{ ...face, maskProbability: masked ? 0.95 : 0.05 }];
      }),
    close: () => Promise.resolve(),
  };
}

function hasFace(behaviour: Scene['visitors'][number]['behaviour']): boolean {
  return behaviour === 'normal' || behaviour === 'leaves-early';
}
