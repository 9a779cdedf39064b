import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Bytes of a photo's own key. */
export const PHOTO_KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const NUMBER_BYTES = 8;

/**
 * A sealed photo once more encrypted, under a key of its own, and bound to its visit: version (1 byte), nonce (12),
 * tag (16), ciphertext. AES-256-GCM, the visit number (8 bytes, high byte first) authenticated with it.
 */
export function encryptPhoto(visitNumber: number, sealed: Uint8Array, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bytesOf(visitNumber));
  const text = Buffer.concat([cipher.update(sealed), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
}

/** The sealed photo of a visit; null when these bytes are not what was written for that visit under that key. */
export function decryptPhoto(visitNumber: number, file: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (file.length < HEAD_BYTES || file[0] !== VERSION) return null;
  const nonce = file.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bytesOf(visitNumber));
  decipher.setAuthTag(file.subarray(1 + NONCE_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(file.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

function bytesOf(visitNumber: number): Uint8Array {
  const bytes = Buffer.alloc(NUMBER_BYTES);
  bytes.writeBigUInt64BE(BigInt(visitNumber));
  return bytes;
}
