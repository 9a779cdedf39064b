import { type PublicKey, readPublicKey } from './public-key.ts';

/** What a file of public keys was found to be. */
export type LoginKeys =
  /** Each once; none: nobody may log in. */
  | Readonly<{ kind: 'keys'; keys: readonly PublicKey[] }>
  /** Refused as a whole: what is wrong, line by line. */
  | Readonly<{ kind: 'refused'; problems: readonly string[] }>
  /** Somebody's secret is in it. */
  | Readonly<{ kind: 'private-key' }>;

const LARGEST_BYTES = 65_536;
/** Of OpenSSH (also without its header), PEM, SSH.com, PuTTY and age. */
const PRIVATE_KEY =
  /BEGIN [A-Z0-9 ]*PRIVATE KEY|b3BlbnNzaC1rZXktdjE|^\s*PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1/im;

/**
 * Reads the public keys that may log in to a gate: one a line, as in a .pub file; blank lines and those that begin with
 * `#` are left out. Text editors of every system are understood: UTF-8 or UTF-16, any line end.
 */
export function readLoginKeys(bytes: Uint8Array): LoginKeys {
  const text = textOf(bytes);
  if (PRIVATE_KEY.test(text)) return { kind: 'private-key' };
  if (bytes.length > LARGEST_BYTES) {
    return { kind: 'refused', problems: [`is larger than ${LARGEST_BYTES} bytes`] };
  }
  const keys = new Map<string, PublicKey>();
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const read = readPublicKey(line);
    if (!read.ok) problems.push(`line ${index + 1}: ${read.wrong}`);
    else if (!keys.has(read.key.fingerprint)) keys.set(read.key.fingerprint, read.key);
  }
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'keys', keys: [...keys.values()] };
}

function textOf(bytes: Uint8Array): string {
  const encoding =
    { '255,254': 'utf-16le', '254,255': 'utf-16be' }[[...bytes.subarray(0, 2)].join()] ?? 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
