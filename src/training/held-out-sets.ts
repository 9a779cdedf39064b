import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import { drawnSamples } from './drawn-samples.ts';
import type { Sample } from './fit-head.ts';
import { plainSample } from './photo-samples.ts';
import { Progress } from './progress.ts';
import { sideBySide } from './side-by-side.ts';
import type { Composition } from './staging/compose.ts';
import { wholePhotoFace } from './survey-photos.ts';
import { poolOf, type SurveyedPhoto } from './surveyed-photo.ts';

/** What a head is judged on, by name; none of it was trained on. */
export type HeldOutSets = Readonly<Record<string, readonly Sample[]>>;

/** Compositions of bare faces, a test each. */
const COMPOSED: readonly Composition[] = [
  'mask-worn',
  'mask-under-nose',
  'mask-under-lip',
  'hand',
  'fingers',
  'thing',
  'beard',
  'low-scarf',
  'high-scarf',
];
/** Faces in each of those. */
const COMPOSED_FACES = 60;
const DRAWN_VISITORS = 100;
/** The gate measures nobody whom the detector hardly sees, as in the darkest of the light here. */
const DRAWN_LEAST_SCORE = 0.35;

/**
 * Held-out photos as they are; the same before a grey wall; and there with edges that tell nothing; bare faces with
 * something composed over them; drawn visitors.
 */
export async function heldOutSets(
  network: FaceNetwork,
  photos: readonly SurveyedPhoto[],
  random: Random,
): Promise<HeldOutSets> {
  const pool = poolOf(photos);
  const some = pool.bare.slice(0, COMPOSED_FACES);
  const progress = new Progress('held-out photos', photos.length + COMPOSED.length * some.length);
  const looks = photos.map((photo) => ({ photo, random: random.fork() }));
  const asTheyAre = await sideBySide(looks, async ({ photo, random: own }) => {
    const seen = await wholePhotoFace(network, photo);
    const whole: Sample | null =
      seen === null ? null : { features: network.features(seen.frame, seen.face), truth: photo.worn };
    const shown = await plainSample(network, photo, 'none', pool, own, 'its own');
    const even = await plainSample(network, photo, 'none', pool, own);
    progress.step();
    return { whole, shown, even };
  });
  const composed: Record<string, readonly Sample[]> = {};
  for (const composition of COMPOSED) {
    const faces = some.map((photo) => ({ photo, random: random.fork() }));
    const samples = await sideBySide(faces, async ({ photo, random: own }) => {
      const sample = await plainSample(network, photo, composition, pool, own);
      progress.step();
      // Where a mask could not be laid, the face is as bare as before.
      return composition === 'mask-worn' && sample?.truth === false ? null : sample;
    });
    composed[composition] = samples.filter((sample) => sample !== null);
  }
  return {
    whole: asTheyAre.flatMap(({ whole }) => whole ?? []),
    shown: asTheyAre.flatMap(({ shown }) => shown ?? []),
    even: asTheyAre.flatMap(({ even }) => even ?? []),
    ...composed,
    drawn: await drawnSamples(network, DRAWN_VISITORS, DRAWN_LEAST_SCORE, random),
  };
}
