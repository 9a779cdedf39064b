import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const AGE = 'age';
const KEYGEN = 'age-keygen';

/** Whether Debian's `age` is installed; where CI is set it has to be. */
export function ageIsHere(): boolean {
  const here = spawnSync(AGE, ['--version']).status === 0;
  if (!here && process.env['CI'] !== undefined) throw new Error('age is not here: apt-get install age');
  return here;
}

/** What came of opening: the plain bytes, or what `age` said. */
export type Opened = Readonly<{ plain: Buffer } | { refused: string }>;

/** Opens an age file with the real program and an identity file's text. */
export function openWithAge(sealed: Uint8Array, identity: string): Opened {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fevergate-age-'));
  try {
    const key = path.join(folder, 'key.txt');
    writeFileSync(key, identity, { mode: 0o600 });
    const { status, stdout, stderr } = spawnSync(AGE, ['-d', '-i', key], {
      input: sealed,
      maxBuffer: 64e6,
    });
    return status === 0 ? { plain: stdout } : { refused: stderr.toString() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A key pair made by the real `age-keygen`. */
export function ageKeyPair(): Readonly<{ identity: string; publicKey: string }> {
  const identity = execFileSync(KEYGEN, [], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const publicKey = /^# public key: (age1\S+)$/m.exec(identity)?.[1];
  if (publicKey === undefined) throw new Error('age-keygen told no public key');
  return { identity, publicKey };
}
