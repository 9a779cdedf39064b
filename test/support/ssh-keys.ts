import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';

/** Strings of RFC 4251 one after the other, as base64. */
export function blobOf(...parts: readonly (string | Buffer)[]): string {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  ).toString('base64');
}

const CURVES = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' } as const;

/** A new key's line of a .pub file, without a comment. */
export function publicKeyLine(kind: 'ed25519' | keyof typeof CURVES | number): string {
  if (kind === 'ed25519') {
    const { x } = jwkOf(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }));
    return `ssh-ed25519 ${blobOf('ssh-ed25519', x)}`;
  }
  if (typeof kind === 'string') {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: CURVES[kind] });
    const { x, y } = jwkOf(publicKey.export({ format: 'jwk' }));
    const type = `ecdsa-sha2-${kind}`;
    return `${type} ${blobOf(type, kind, Buffer.concat([Buffer.from([4]), x, y]))}`;
  }
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: kind });
  const { e, n } = jwkOf(publicKey.export({ format: 'jwk' }));
  return `ssh-rsa ${blobOf('ssh-rsa', mpint(e), mpint(n))}`;
}

/** As a private key is laid by mistake; of no use anywhere. */
export const PRIVATE_KEY = generateKeyPairSync('ed25519').privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

function jwkOf(key: JsonWebKey): Readonly<Record<'x' | 'y' | 'e' | 'n', Buffer>> {
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  return { x: bytes(key.x), y: bytes(key.y), e: bytes(key.e), n: bytes(key.n) };
}

function mpint(number: Buffer): Buffer {
  return (number[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), number]) : number;
}
