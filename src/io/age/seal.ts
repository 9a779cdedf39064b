import { Encrypter } from 'age-encryption';

/**
 * Seals bytes to age X25519 public keys (`age1...`); each of their private keys opens them, with any age program.
 * @param recipients at least one
 * @throws RangeError without a recipient; Error when one is no such key
 */
export function sealTo(recipients: readonly string[]): (plain: Uint8Array) => Promise<Uint8Array> {
  if (recipients.length === 0) throw new RangeError('nothing is sealed without a recipient');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return (plain) => encrypter.encrypt(plain);
}
