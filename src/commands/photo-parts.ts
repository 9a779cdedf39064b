import type { PhotoParts } from '../app/visit-photos.ts';
import type { Config } from '../config/schema.ts';
import type { GateRecords } from '../io/store/gate-records.ts';
import type { PhotoSealer } from '../ports/photo-sealer.ts';

const WITH_PHOTOS = 3;

/**
 * What a gate needs for photos; nothing, not even its program, unless the storage profile is 3 and there is a key to seal
 * to.
 */
export async function photoParts(
  { profile, photo }: Config['records'],
  records: Pick<GateRecords, 'photos' | 'state'>,
): Promise<Readonly<{ photos?: PhotoParts }>> {
  const recipients = [photo.recipient, photo.secondRecipient].filter((key) => key !== null);
  if (profile !== WITH_PHOTOS || recipients.length === 0) return {};
  return {
    photos: {
      store: records.photos,
      sealer: await createPhotoSealer(recipients),
      wanted: () => records.state().profile === WITH_PHOTOS,
    },
  };
}

/**
 * Seals stills, as JPEG, to the operator's public keys. The plain JPEG exists in memory alone, until it is sealed.
 * @param recipients one or two age public keys
 */
async function createPhotoSealer(recipients: readonly string[]): Promise<PhotoSealer> {
  const { sealTo } = await import('../io/age/seal.ts');
  const { stillJpeg } = await import('../io/image/still-jpeg.ts');
  const seal = sealTo(recipients);
  return {
    async seal(still) {
      const jpeg = await stillJpeg(still).finally(() => still.rgb.fill(0));
      return seal(jpeg).finally(() => jpeg.fill(0));
    },
  };
}
