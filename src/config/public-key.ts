import { createHash } from 'node:crypto';

/** A public key of SSH that may log in to a gate. */
export type PublicKey = Readonly<{
  /** As in `ssh-ed25519`. */
  type: string;
  bits: number;
  /** As `ssh-keygen -l` tells it: `SHA256:` and base64. */
  fingerprint: string;
  /** What its owner calls it; may be empty. */
  comment: string;
  /** Type, key and comment, and nothing else. */
  line: string;
}>;

/** A line read; `wrong` says what is and what to do, without quoting it. */
export type ReadKey = Readonly<{ ok: true; key: PublicKey } | { ok: false; wrong: string }>;

/** Shorter RSA keys are not taken: NIST SP 800-57 part 1, 128 bits of security. */
const SHORTEST_RSA_BITS = 3072;
/** Longer ones OpenSSH does not take. */
const LONGEST_RSA_BITS = 16_384;
const LONGEST_COMMENT = 100;
const UNCOMPRESSED_POINT = 4;

/** Bits of a key by what follows its type (RFC 4253, RFC 5656, RFC 8709, OpenSSH's PROTOCOL.u2f); null: is none. */
const BITS: Readonly<Record<string, (parts: readonly Buffer[]) => number | null>> = {
  'ssh-ed25519': ([key, ...more]) => (more.length === 0 && key?.length === 32 ? 256 : null),
  'ecdsa-sha2-nistp256': (parts) => pointBits(parts, 'nistp256', 256),
  'ecdsa-sha2-nistp384': (parts) => pointBits(parts, 'nistp384', 384),
  'ecdsa-sha2-nistp521': (parts) => pointBits(parts, 'nistp521', 521),
  'ssh-rsa': rsaBits,
  'sk-ssh-ed25519@openssh.com': ([key, application, ...more]) =>
    more.length === 0 && key?.length === 32 && (application?.length ?? 0) > 0 ? 256 : null,
  'sk-ecdsa-sha2-nistp256@openssh.com': ([curve, point, application, ...more]) =>
    curve === undefined || point === undefined || (application?.length ?? 0) === 0 || more.length > 0
      ? null
      : pointBits([curve, point], 'nistp256', 256),
};

const DAMAGED = 'the key is damaged: copy the whole line of the .pub file';

/** Reads a line as it is in a .pub file. Nothing but a key of an accepted type is taken: no option, no certificate. */
export function readPublicKey(text: string): ReadKey {
  const [, type = '', base64 = '', rest = ''] = /^(\S+)\s*(\S*)(.*)$/su.exec(text.trim()) ?? [];
  const bitsOf = Object.hasOwn(BITS, type) ? BITS[type] : undefined;
  if (bitsOf === undefined) return { ok: false, wrong: whyNoKey(text.trim()) };
  const blob = Buffer.from(base64, 'base64');
  // Decoding takes anything; only what is written exactly so is the key.
  if (blob.toString('base64') !== base64) return { ok: false, wrong: DAMAGED };
  const [named, ...parts] = stringsOf(blob);
  const bits = named?.equals(Buffer.from(type)) ? bitsOf(parts) : null;
  if (bits === null) return { ok: false, wrong: DAMAGED };
  if (type === 'ssh-rsa' && (bits < SHORTEST_RSA_BITS || bits > LONGEST_RSA_BITS)) {
    return {
      ok: false,
      wrong: `an RSA key of ${bits} bits is not taken: make one of ${SHORTEST_RSA_BITS} or more, or better an Ed25519 key (ssh-keygen -t ed25519)`,
    };
  }
  const shown = [...rest.replaceAll(/\p{C}/gu, '').trim()];
  const comment = shown.slice(0, LONGEST_COMMENT).join('').trim();
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { ok: true, key: { type, bits, fingerprint, comment, line: `${type} ${base64} ${comment}`.trim() } };
}

function whyNoKey(text: string): string {
  if (/BEGIN SSH2 PUBLIC KEY/.test(text)) {
    return 'this is another format: `ssh-keygen -i -f FILE` makes a line of it that is taken';
  }
  if (/^\S+-cert-v\d+@openssh\.com\s/.test(text)) {
    return 'certificates are not taken: lay the public key itself';
  }
  if (/^ssh-dss\s/.test(text)) {
    return 'DSA keys are too weak: make an Ed25519 key (ssh-keygen -t ed25519)';
  }
  const before = Object.keys(BITS).some((type) =>
    new RegExp(`[\\s,"]${type.replaceAll('.', '\\.')}\\s`).test(text),
  );
  return before
    ? 'options before a key are not taken: the line begins with the type of the key'
    : 'this is no public key: a line begins with its type, as in `ssh-ed25519 AAAA... name`';
}

/** The strings of RFC 4251, section 5, that a blob is made of; none where it is not made of whole ones. */
function stringsOf(blob: Buffer): readonly Buffer[] {
  const strings: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    if (blob.length - at < 4) return [];
    const from = at + 4;
    at = from + blob.readUInt32BE(at);
    if (at > blob.length) return [];
    strings.push(blob.subarray(from, at));
  }
  return strings;
}

function pointBits([curve, point, ...more]: readonly Buffer[], name: string, bits: number): number | null {
  const bytes = 1 + 2 * Math.ceil(bits / 8);
  const isPoint = point?.length === bytes && point[0] === UNCOMPRESSED_POINT;
  return more.length === 0 && curve?.equals(Buffer.from(name)) && isPoint ? bits : null;
}

function rsaBits([exponent, modulus, ...more]: readonly Buffer[]): number | null {
  if (more.length > 0 || exponent === undefined || modulus === undefined) return null;
  const odd = (number: Buffer): boolean => ((number.at(-1) ?? 0) & 1) === 1;
  const [e, n] = [bitLength(exponent), bitLength(modulus)];
  // An exponent of 1 would make every message its own signature.
  return e !== null && n !== null && e > 1 && odd(exponent) && odd(modulus) ? n : null;
}

/** Bits of a positive mpint; null where it is negative, 0 or longer than it needs to be. */
function bitLength(number: Buffer): number | null {
  const [first, second = 0] = number;
  if (first === undefined || first > 0x7f) return null;
  if (first === 0 && second <= 0x7f) return null;
  const [top = 0] = first === 0 ? number.subarray(1) : number;
  const bytes = first === 0 ? number.length - 1 : number.length;
  return (bytes - 1) * 8 + (32 - Math.clz32(top));
}
