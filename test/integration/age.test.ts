import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateKeyPair, keyFileText } from '../../src/io/age/key-pair.ts';
import { sealTo } from '../../src/io/age/seal.ts';
import { ageIsHere, ageKeyPair, openWithAge } from '../support/age.ts';

test('without a recipient, or with a wrong one, nothing is sealed', () => {
  expect(() => sealTo([])).toThrow(RangeError);
  expect(() => sealTo([`age1${'q'.repeat(58)}`])).toThrow();
});

const here = ageIsHere();
describe.skipIf(!here)(here ? 'with age' : 'with age (not here: apt-get install age)', () => {
  const plain = randomBytes(70_000);

  test('age opens what was sealed, with a key of ours and with one of age-keygen', async () => {
    const ours = await generateKeyPair();
    const theirs = ageKeyPair();
    expect(openWithAge(await sealTo([ours.publicKey])(plain), keyFileText(ours))).toEqual({ plain });
    expect(openWithAge(await sealTo([theirs.publicKey])(plain), theirs.identity)).toEqual({ plain });
  });

  test('each of two keys opens it alone; another is refused', async () => {
    const [first, second, other] = [ageKeyPair(), ageKeyPair(), ageKeyPair()];
    const sealed = await sealTo([first.publicKey, second.publicKey])(plain);
    expect(openWithAge(sealed, first.identity)).toEqual({ plain });
    expect(openWithAge(sealed, second.identity)).toEqual({ plain });
    expect(openWithAge(sealed, other.identity)).toEqual({
      refused: expect.stringContaining('no identity matched any of the recipients'),
    });
  });

  test('a changed byte is noticed', async () => {
    const { identity, publicKey } = ageKeyPair();
    const sealed = Buffer.from(await sealTo([publicKey])(plain));
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 9) ^ 1, sealed.length - 9);
    expect(openWithAge(sealed, identity)).toHaveProperty('refused');
  });
});
