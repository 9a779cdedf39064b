import type { FaceNetwork } from '../io/tfjs/face-network.ts';
import type { Random } from '../simulation/random.ts';
import { drawnSamples } from './drawn-samples.ts';
import type { Sample } from './fit-head.ts';
import { plainSample } from './photo-samples.ts';
import { Progress } from './progress.ts';
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
const DRAWN_VISITORS = 40;

/**
 * Held-out photos as they are; the same with edges that tell nothing, before a grey wall; bare faces with something
 * composed over them; drawn visitors.
 */
export async function heldOutSets(
  network: FaceNetwork,
  photos: readonly SurveyedPhoto[],
  random: Random,
): Promise<HeldOutSets> {
  const pool = poolOf(photos);
  const some = pool.bare.slice(0, COMPOSED_FACES);
  const progress = new Progress('held-out photos', photos.length + COMPOSED.length * some.length);
  const [whole, even]: [Sample[], Sample[]] = [[], []];
  for (const photo of photos) {
    const seen = await wholePhotoFace(network, photo);
    if (seen !== null) whole.push({ features: network.features(seen.frame, seen.face), worn: photo.worn });
    const plain = await plainSample(network, photo, 'none', pool, random);
    if (plain !== null) even.push(plain);
    progress.step();
  }
  const composed: Record<string, Sample[]> = {};
  for (const composition of COMPOSED) {
    const samples: Sample[] = [];
    for (const photo of some) {
      const sample = await plainSample(network, photo, composition, pool, random);
      // Where a mask could not be laid, the face is as bare as before.
      if (sample !== null && (composition !== 'mask-worn' || sample.worn)) samples.push(sample);
      progress.step();
    }
    composed[composition] = samples;
  }
  return { whole, even, ...composed, drawn: await drawnSamples(network, DRAWN_VISITORS, random) };
}
