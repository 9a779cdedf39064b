import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whenAvailable } from '../hardware/vm/kept.ts';
import { unpackBase } from '../packaging/built.ts';
import { needUpdateTools } from './needed.ts';
import { layNoSystem, makeSigner, type Signer, signUpdate } from './signed.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const COMPATIBLE = 'fevergate-debian-amd64';

const made = await whenAvailable(async () => {
  needUpdateTools();
  return await unpackBase();
});

/** The gate's own RAUC and its configuration, without a machine around them. */
describe.skipIf(made.value === null)(`an update's signature ${made.reason ?? ''}`, () => {
  const root = made.value ?? '';
  const folder = mkdtempSync(path.join(tmpdir(), 'fevergate-signature-'));
  const image = path.join(folder, 'image');
  const signed = path.join(folder, 'signed.raucb');
  let signer: Signer;
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  beforeAll(() => {
    signer = makeSigner(path.join(folder, 'signer'));
    layImage(image, '0.2.0');
    signUpdate(image, signer, signed);
    const template = readFileSync(path.join(ROOT, 'image-build/overlay/etc/rauc/system.conf'), 'utf8');
    mkdirSync(path.join(root, 'etc/rauc'), { recursive: true });
    writeFileSync(
      path.join(root, 'etc/rauc/system.conf'),
      template.replace('@COMPATIBLE@', COMPATIBLE).replace('@VERSION@', '0.1.0'),
    );
    cpSync(signer.ca, path.join(root, 'etc/rauc/keyring.pem'));
  });

  function layImage(to: string, version: string): void {
    layNoSystem(to, { compatible: COMPATIBLE, version });
    writeFileSync(path.join(to, 'boot.img'), Buffer.alloc(100_000, 'boot'));
  }

  function examined(bundle: string): { taken: boolean; said: string } {
    const inside = path.join(root, 'tmp/update.raucb');
    cpSync(bundle, inside);
    const { status, stdout, stderr } = spawnSync(
      'chroot',
      [root, 'rauc', 'info', '--output-format=shell', '/tmp/update.raucb'],
      { encoding: 'utf8' },
    );
    return { taken: status === 0, said: `${stdout}${stderr}` };
  }

  /** Another file with some of the bytes changed. */
  function changed(name: string, change: (bytes: Buffer) => void): string {
    const bytes = readFileSync(signed);
    change(bytes);
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  }

  test('that is under the image’s CA: what it is for and which version it is', () => {
    const { taken, said } = examined(signed);
    expect(said).toMatch(/RAUC_MF_VERSION='?0\.2\.0'?/);
    expect(said).toMatch(new RegExp(`RAUC_MF_COMPATIBLE='?${COMPATIBLE}'?`));
    expect(said).toMatch(/RAUC_MF_FORMAT='?verity'?/);
    expect(taken).toBe(true);
  });

  test('under another CA: refused', () => {
    const other = path.join(folder, 'other.raucb');
    signUpdate(image, makeSigner(path.join(folder, 'other')), other);
    const { taken, said } = examined(other);
    expect(said).toContain('signature verification failed');
    expect(taken).toBe(false);
  });

  test('by a signer whose time is over: refused', () => {
    const late = makeSigner(path.join(folder, 'late'), -1);
    const out = path.join(folder, 'late.raucb');
    signUpdate(image, late, out);
    cpSync(late.ca, path.join(root, 'etc/rauc/keyring.pem'));
    const { taken, said } = examined(out);
    cpSync(signer.ca, path.join(root, 'etc/rauc/keyring.pem'));
    expect(said).toMatch(/expired/);
    expect(taken).toBe(false);
  });

  test('by a certificate of the CA that is not for signing code: refused', () => {
    const key = path.join(folder, 'web.key');
    const request = path.join(folder, 'web.csr');
    const cert = path.join(folder, 'web.pem');
    const openssl = (...args: readonly string[]): void => {
      execFileSync('openssl', args, { stdio: 'ignore' });
    };
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
    openssl('req', '-new', ...curve, '-keyout', key, '-out', request, '-subj', '/CN=web');
    const ca = ['-CA', signer.ca, '-CAkey', path.join(folder, 'signer/ca.key'), '-CAcreateserial'];
    openssl('x509', '-req', '-in', request, ...ca, '-days', '9', '-out', cert);
    const out = path.join(folder, 'web.raucb');
    signUpdate(image, { ...signer, key, cert }, out);
    expect(examined(out).taken).toBe(false);
  });

  test.each([
    ['the signature', (bytes: Buffer) => bytes.length - 100],
    ['what is signed', (bytes: Buffer) => bytes.indexOf('version=0.2.0') + 'version='.length],
  ])('with a byte of %s changed: refused', (name, at) => {
    const file = changed(`${name}.raucb`, (bytes) => {
      const place = at(bytes);
      expect(place).toBeGreaterThan(bytes.length / 2);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
    });
    expect(examined(file).taken).toBe(false);
  });

  test('cut off: refused', () => {
    const file = changed('cut.raucb', () => undefined);
    truncateSync(file, statSync(file).size - 1000);
    expect(examined(file).taken).toBe(false);
  });

  test('of a plain bundle, whose files are checked once and read later: refused', () => {
    const content = path.join(folder, 'plain');
    mkdirSync(content);
    for (const name of ['system.img', 'boot.img']) {
      cpSync(path.join(image, name), path.join(content, name));
    }
    writeFileSync(
      path.join(content, 'manifest.raucm'),
      `[update]\ncompatible=${COMPATIBLE}\nversion=0.2.0\n[bundle]\nformat=plain\n[image.rootfs]\nfilename=system.img\n`,
    );
    const out = path.join(folder, 'plain.raucb');
    execFileSync('rauc', [`--key=${signer.key}`, `--cert=${signer.cert}`, 'bundle', content, out], {
      stdio: 'ignore',
    });
    const { taken, said } = examined(out);
    expect(said).toContain('plain');
    expect(taken).toBe(false);
  });

  test.each([
    ['for another architecture', { arch: 'arm64', version: '0.2.0' }, 'not for arm64'],
    ['whose version cannot be compared', { arch: 'amd64', version: 'newest' }, 'newest is no version'],
  ])('an image %s is not signed', (_, { arch, version }, said) => {
    const from = path.join(folder, `not-${arch}-${version}`);
    layImage(from, version);
    expect(() => signUpdate(from, signer, path.join(folder, 'not.raucb'), arch)).toThrow(said);
  });
});
