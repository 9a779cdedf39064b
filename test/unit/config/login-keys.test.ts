import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLoginKeys } from '../../../src/config/login-keys.ts';
import { readPublicKey } from '../../../src/config/public-key.ts';
import { blobOf, PRIVATE_KEY, publicKeyLine } from '../../support/ssh-keys.ts';

const KINDS = ['ed25519', 'nistp256', 'nistp384', 'nistp521', 3072] as const;
const POINT = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]);
const SK_ED25519 = `sk-ssh-ed25519@openssh.com ${blobOf('sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:')}`;
const SK_ECDSA = `sk-ecdsa-sha2-nistp256@openssh.com ${blobOf('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', POINT, 'ssh:')}`;
const ONE = publicKeyLine('ed25519');
const LINES = [...KINDS.map(publicKeyLine), SK_ED25519, SK_ECDSA];

const read = (text: string): ReturnType<typeof readLoginKeys> => readLoginKeys(Buffer.from(text));
const problemsOf = (text: string): readonly string[] => {
  const found = read(text);
  return found.kind === 'refused' ? found.problems : [];
};
const taken = (text: string): readonly string[] | null => {
  const found = read(text);
  return found.kind === 'keys' ? found.keys.map(({ line }) => line) : null;
};

describe('keys that may log in', () => {
  test.each(LINES)('%.30s... is taken as it is', (line) => {
    expect(taken(line)).toEqual([line]);
    expect(taken(`  ${line} 김 on a laptop \u0007\r\n`)).toEqual([`${line} 김 on a laptop`]);
  });

  test('have the length and the fingerprint that ssh-keygen tells', (context) => {
    const keys = LINES.slice(0, KINDS.length).map(readPublicKey);
    const told = spawnSync('ssh-keygen', ['-lf', '-'], {
      encoding: 'utf8',
      input: LINES.slice(0, KINDS.length).join('\n'),
    });
    if (told.error !== undefined && process.env['CI'] === undefined)
      context.skip('apt-get install openssh-client');
    const said = keys.map((one) => (one.ok ? `${one.key.bits} ${one.key.fingerprint}` : one.wrong));
    expect(
      told.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual(said);
  });

  test('are read whatever editor wrote them: BOM, UTF-16, any line end, notes, blank lines, twice the same', () => {
    const text = `# the guards'\r\n\r\n${ONE} a\r${ONE} b\n${SK_ECDSA}\n`;
    const expected = [`${ONE} a`, SK_ECDSA];
    expect(taken(`\uFEFF${text}`)).toEqual(expected);
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
    for (const bytes of [utf16, Buffer.from(utf16).swap16()]) {
      const found = readLoginKeys(bytes);
      expect(found.kind === 'keys' && found.keys.map(({ line }) => line)).toEqual(expected);
    }
  });

  test.each(['', '\n\n', '# nobody\n', '\uFEFF'])('%j: nobody', (text) => {
    expect(taken(text)).toEqual([]);
  });

  test.each([
    ['an option', `command="id" ${ONE}`, /line 1: options/],
    ['several options', `no-pty,from="10.0.0.0/8" ${ONE} me`, /line 1: options/],
    ['a short RSA key', publicKeyLine(2048), /2048 bits .* Ed25519/],
    ['DSA', `ssh-dss ${blobOf('ssh-dss', 'x')}`, /DSA/],
    ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${blobOf('x')} me`, /certificates/],
    ['a key that calls itself another', ONE.replace('ssh-ed25519', 'ecdsa-sha2-nistp256'), /damaged/],
    ['another curve', `ecdsa-sha2-nistp384 ${blobOf('ecdsa-sha2-nistp384', 'nistp256', POINT)}`, /damaged/],
    [
      'RSA with the exponent 1',
      `ssh-rsa ${blobOf('ssh-rsa', Buffer.from([1]), Buffer.alloc(385, 0x7f))}`,
      /damaged/,
    ],
    [
      'a negative modulus',
      `ssh-rsa ${blobOf('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(384, 0xff))}`,
      /damaged/,
    ],
    ['a type without its key', 'ssh-ed25519', /damaged/],
    ['what every object has', `constructor ${blobOf('constructor')}`, /no public key/],
    ['the format of SSH.com', '---- BEGIN SSH2 PUBLIC KEY ----', /ssh-keygen -i -f/],
    ['a password', 'letmein', /no public key/],
  ])('%s is refused, and everything beside it', (_, line, why) => {
    expect(problemsOf(line)[0]).toMatch(why);
    expect(problemsOf(`${ONE}\n${line}\n`)).toHaveLength(1);
    expect(problemsOf(`${ONE}\n${line}\n`)[0]).toMatch(/^line 2: /);
  });

  test('no refusal quotes what was laid there', () => {
    expect(problemsOf('hunter2 secret\n').join()).not.toMatch(/hunter2|secret/);
  });

  test.each([
    ['PEM', PRIVATE_KEY],
    ['OpenSSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n'],
    ['OpenSSH without its header', 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n'],
    ['SSH.com', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n'],
    ['PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n'],
    ['photos', 'AGE-SECRET-KEY-1QQQQ\n'],
  ])('a private key (%s) is told from everything else, also beside a public one', (_, text) => {
    expect(read(text)).toEqual({ kind: 'private-key' });
    expect(read(`${ONE}\r\n${text}`)).toEqual({ kind: 'private-key' });
    expect(readLoginKeys(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual({ kind: 'private-key' });
  });

  test('a file that is too large is refused', () => {
    expect(problemsOf(`#${'x'.repeat(70_000)}\n${ONE}\n`)).toHaveLength(1);
  });

  test('a key with any byte cut off or added, or any of its first bytes changed, is none', () => {
    const anyLine = fc.constantFrom(...LINES);
    fc.assert(
      fc.property(anyLine, fc.nat(), fc.integer({ min: 1, max: 255 }), (line, at, change) => {
        const [type = '', base64 = ''] = line.split(' ');
        const blob = Buffer.from(base64, 'base64');
        const altered = Buffer.from(blob);
        // Its type and the length of what follows.
        const place = at % (4 + type.length + 4);
        altered[place] = (altered[place] ?? 0) ^ change;
        const wrong = [
          blob.subarray(0, at % blob.length),
          Buffer.concat([blob, Buffer.from([change])]),
          altered,
        ];
        for (const bytes of wrong)
          expect(readPublicKey(`${type} ${bytes.toString('base64')}`).ok).toBe(false);
      }),
    );
  });

  test('whatever is laid there: what is taken is keys alone, and reads the same again', () => {
    const anyWord = fc.oneof(
      fc.constantFrom(...LINES, 'command="x"', 'ssh-ed25519', '#', '\n', '\r', '\t', ' '),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(anyWord, { maxLength: 12 }), (words) => {
        const lines = taken(words.join(' '));
        fc.pre(lines !== null);
        for (const line of lines ?? []) {
          expect(LINES.some((key) => line === key || line.startsWith(`${key} `))).toBe(true);
          expect(line).not.toMatch(/\p{C}/u);
        }
        expect(taken((lines ?? []).join('\n'))).toEqual(lines);
      }),
      { numRuns: 500 },
    );
  });
});
