import { sealTo } from '../io/age/seal.ts';
import { stillJpeg } from '../io/image/still-jpeg.ts';
import type { PhotoSealer } from '../ports/photo-sealer.ts';

/**
 * Seals stills, as JPEG, to the operator's public keys. The plain JPEG exists in memory alone, until it is sealed.
 * @param recipients one or two age public keys
 */
export function createPhotoSealer(recipients: readonly string[]): PhotoSealer {
  const seal = sealTo(recipients);
  return {
    async seal(still) {
      const jpeg = await stillJpeg(still).finally(() => still.rgb.fill(0));
      return seal(jpeg).finally(() => jpeg.fill(0));
    },
  };
}
