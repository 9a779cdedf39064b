import type { Random } from '../../simulation/random.ts';
import { type Cover, drawCover } from './drawn-cover.ts';
import { faceAxes } from './face-axes.ts';
import { isDonor, layMask, lowPlace, WORN_PLACE } from './mask-patch.ts';
import type { FacePicture } from './picture.ts';

/** What is done to a photo: nothing, something drawn over the face, or another photo's mask put on it. */
export type Composition = 'none' | Cover | 'mask-worn' | 'mask-under-nose' | 'mask-under-lip';

type Share = readonly [composition: Composition, share: number];
/** What training makes of bare and of masked faces; what is left of 1 stays as it is. */
const BARE: readonly Share[] = [
  ['hand', 0.14],
  ['fingers', 0.12],
  ['thing', 0.05],
  ['beard', 0.07],
  ['low-scarf', 0.04],
  ['high-scarf', 0.05],
  ['mask-under-nose', 0.11],
  ['mask-under-lip', 0.04],
  ['mask-worn', 0.1],
];
const MASKED: readonly Share[] = [
  ['hand', 0.04],
  ['fingers', 0.03],
  ['thing', 0.04],
];

export function randomComposition(worn: boolean, random: Random): Composition {
  let left = random.uniform();
  for (const [composition, share] of worn ? MASKED : BARE) {
    left -= share;
    if (left < 0) return composition;
  }
  return 'none';
}

/** What a composition is made with. */
export type Makings = Readonly<{
  /** Truth of the photo. */
  worn: boolean;
  /** A masked face at about the same size. */
  donor: () => Promise<FacePicture>;
  random: Random;
}>;

/** The picture after a composition, and whether a mask is worn over nose and mouth in it. */
export async function compose(
  picture: FacePicture,
  composition: Composition,
  { worn, donor, random }: Makings,
): Promise<Readonly<{ picture: FacePicture; worn: boolean }>> {
  switch (composition) {
    case 'none':
      return { picture, worn };
    case 'mask-worn':
    case 'mask-under-nose':
    case 'mask-under-lip': {
      const axes = faceAxes(picture.face);
      const masked = await donor();
      if (axes === null || !isDonor(masked)) return { picture, worn };
      const under = composition === 'mask-under-nose' ? 'nose' : 'lip';
      layMask(picture, masked, composition === 'mask-worn' ? WORN_PLACE : lowPlace(axes, under, random));
      return { picture, worn: composition === 'mask-worn' };
    }
    default:
      return { picture: await drawCover(picture, composition, random), worn };
  }
}
